import { expect, test } from 'vitest';
import type { Tab } from './drivers/browser.ts';
import { inEachBrowser, type World } from './world.ts';

const HOUR_MS = 3_600_000;
/** Two clocks of one machine, each read in whole ms. */
const CLOCK_MS = 100;

/** The device's clock, as far as pages can read it: `ahead` is by how much it is wrong, in ms. */
const CLOCK = `const Right = Date; let ahead = 0;
  window.setClock = (ms) => { ahead = ms; };
  window.Date = class extends Right {
    constructor(...args) { if (args.length) super(...args); else super(Right.now() + ahead); }
    static now() { return Right.now() + ahead; }
  };`;

const trackAt = (tab: Tab, ahead: number, n: number): Promise<void> =>
  tab.run(
    (ahead, n) => {
      (globalThis as unknown as { setClock(ms: number): void }).setClock(ahead);
      parcours.track('burst', { n });
    },
    ahead,
    n,
  );

inEachBrowser((world: World) => {
  test.each([
    ['forward', [0, 2 * HOUR_MS, 48 * HOUR_MS]],
    ['to and fro', [2 * HOUR_MS, -48 * HOUR_MS, 0]],
  ])('the clock is set %s while the collector is down: all is stored', async (_way, steps) => {
    world.shop.setCode(CLOCK);
    const tab = await world.visit('/start');
    await world.answered(1);
    await world.front.cut();
    for (const [n, ahead] of steps.entries()) await trackAt(tab, ahead, n);
    await tab.run(() => parcours.flush());
    await world.front.pass();
    await world.storedOnce(['page_view /start', ...steps.map((_, n) => `burst /start ${n}`)]);
  });

  test('a clock that is wrong all along: times are stored as they were', async () => {
    world.shop.setCode(`${CLOCK} setClock(${-30 * 24 * HOUR_MS});`);
    const tab = await world.visit('/start');
    const began = Date.now();
    await trackAt(tab, -30 * 24 * HOUR_MS, 0);
    await world.storedOnce(['page_view /start', 'burst /start 0']);
    const [row] = await world.rows(`epoch_ms(occurred_at) AS at`, "type = 'burst'");
    // Corrected by when it was sent and received, so late by its way at most.
    expect(Number(row?.at)).toBeGreaterThan(began - CLOCK_MS);
    expect(Number(row?.at)).toBeLessThan(Date.now() + CLOCK_MS);
  });
});
