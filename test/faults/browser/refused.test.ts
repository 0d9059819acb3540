import { expect, test } from 'vitest';
import { burst, bursts, copiesIn, inEachBrowser } from './world.ts';

/** Design: "collector back: all within 1 s of the next allowed try". */
const BACK_MS = 1_000;

const inSeconds = () => ({ 'retry-after': '2' });
/** A date has whole seconds: between 2 and 3 of them. */
const asDate = () => ({ 'retry-after': new Date(Date.now() + 3_000).toUTCString() });

inEachBrowser((world) => {
  test.each([
    [503, 'in seconds', inSeconds],
    [503, 'as a date', asDate],
    [429, 'in seconds', inSeconds],
    [429, 'as a date', asDate],
  ])('%i with Retry-After %s: nothing before it is over, all soon after', async (status, _form, headers) => {
    const tab = await world.visit('/start');
    await world.answered(1);
    world.front.refuse(status, headers);
    await burst(tab, 20);
    await expect.poll(() => world.front.batches.at(-1)?.status, { interval: 10 }).toBe(status);
    await world.front.pass();
    // What would hasten an idle queue must not hasten this one.
    await tab.setOffline(true);
    await tab.setOffline(false);
    await tab.run(() => parcours.flush());
    await world.storedOnce(['page_view /start', ...bursts('/start', 20)]);

    const [, refused, next, ...more] = world.front.batches;
    const pausedMs = next!.at - refused!.answeredAt!;
    expect(pausedMs).toBeGreaterThanOrEqual(2_000 - CLOCK_MS);
    expect(next!.answeredAt! - refused!.answeredAt!).toBeLessThan(3_000 + BACK_MS);
    expect(more).toEqual([]);
    expect(copiesIn(world.front.batches)).toEqual([]);
  });

  test('503 without Retry-After: tries come later and later, and all is stored', async () => {
    const tab = await world.visit('/start');
    await world.answered(1);
    world.front.refuse(503, () => ({}));
    await burst(tab, 20);
    await expect.poll(() => world.front.batches.length, { interval: 10, timeout: 10_000 }).toBe(4);
    await world.front.pass();
    await world.storedOnce(['page_view /start', ...bursts('/start', 20)]);
    const [, first, second, third] = world.front.batches;
    expect(second!.at - first!.answeredAt!).toBeGreaterThanOrEqual(500 - CLOCK_MS);
    expect(third!.at - second!.answeredAt!).toBeGreaterThanOrEqual(1_000 - CLOCK_MS);
  });
});

/** Timers of a browser may fire a little early by our clock. */
const CLOCK_MS = 20;
