import { expect, test } from 'vitest';
import { burst, bursts, granted, inEachBrowser, type World } from './world.ts';

/** The SDK gives a request up after 30 s, which a test has no time for: the browser's own timer runs ten times as fast. */
const HASTE = `const timeout = AbortSignal.timeout;
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms < 30_000 ? ms : ms / 10);`;
const LIMIT_MS = 3_000;

const WAYS: readonly (readonly [string, (world: World) => void])[] = [
  ['never answers', ({ front }) => front.hang()],
  ['begins its answer and never ends it', ({ front }) => front.hangInAnswer()],
];

inEachBrowser((world) => {
  const hungAfter = (count: number) =>
    expect.poll(() => world.front.batches.length, { interval: 20, timeout: 10_000 }).toBe(count);

  test.each(WAYS)('a collector that %s holds up a request for its time and no longer', async (_way, hang) => {
    world.shop.setCode(HASTE);
    const tab = await world.visit('/start');
    await world.answered(1);
    hang(world);
    await burst(tab, 20);
    await hungAfter(2);
    await world.front.pass();
    await world.storedOnce(['page_view /start', ...bursts('/start', 20)]);
    const [, hung, next] = world.front.batches;
    expect(next!.at - hung!.at).toBeGreaterThan(LIMIT_MS - 100);
    expect(next!.at - hung!.at).toBeLessThan(LIMIT_MS + 3_000);
  });

  test.each(WAYS)('the visitor leaves a collector that %s: the next page brings all', async (_way, hang) => {
    const tab = await world.visit('/start');
    await world.answered(1);
    hang(world);
    await burst(tab, 5);
    await hungAfter(2);
    await tab.run(() => {
      for (let n = 5; n < 10; n++) parcours.track('burst', { n });
    });
    await tab.close();
    await world.front.pass();
    await world.visit('/again');
    await world.storedOnce(['page_view /start', ...bursts('/start', 10), 'page_view /again']);
  });

  test('a collector that never answers at the first visit is asked for the policy again', async () => {
    world.shop.setCode(HASTE);
    world.front.hang();
    const tab = await (await world.start()).newTab();
    await tab.goto(`${world.shop.origin}/start`);
    await burst(tab, 5);
    await expect.poll(() => world.front.hung, { timeout: 10_000 }).toBeGreaterThan(0);
    await world.front.pass();
    await granted(tab);
    await world.storedOnce(['page_view /start', ...bursts('/start', 5)]);
  });
});
