import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Tab } from './drivers/browser.ts';
import { burst, bursts, granted, holds, inEachBrowser, loaded } from './world.ts';

/** Notes whether the page was kept as it was. */
const NOTE = "addEventListener('pageshow', (event) => { window.wasKept = event.persisted; });";

/** Longer than the tracker waits after an answer to look whether another tab has left anything. */
const QUIET_MS = 500;

/**
 * Goes on to another page once nothing is under way, and by no click, which is an event and would be. Tabs share a Web Lock while one
 * of them sends, and Firefox keeps no page that holds one when it is left (its log: "has active Web Locks").
 */
const goOn = async (tab: Tab, path: string): Promise<void> => {
  await tab.run(() => parcours.flush());
  await pause(QUIET_MS);
  await tab.run(async (path) => {
    // Where the collector is away, a retry may be under way just now.
    while ((await navigator.locks.query()).held?.[0]) await new Promise((resolve) => setTimeout(resolve, 20));
    setTimeout(() => location.assign(path));
  }, path);
  await loaded(tab, path);
};

/** Back to a page that was kept. It answers already while its `pageshow` is still to come. */
const back = async (tab: Tab, path: string): Promise<void> => {
  await tab.run(() => setTimeout(() => history.back()));
  await loaded(tab, path);
  await holds(tab, () => (globalThis as unknown as { wasKept?: boolean }).wasKept === true).catch(async () => {
    const why = await tab.run(() => {
      const [navigation] = performance.getEntriesByType('navigation') as (PerformanceEntry & {
        notRestoredReasons?: unknown;
      })[];
      return navigation?.notRestoredReasons;
    });
    expect.fail(`not kept: ${JSON.stringify(why)}`);
  });
};

inEachBrowser((world) => {
  test('a page that was kept and is come back to counts again, and goes on', async () => {
    world.shop.setCode(NOTE);
    const tab = await world.visit('/start');
    await world.answered(1);
    await burst(tab, 5);
    await world.answered(6);
    await goOn(tab, '/a');
    await granted(tab);
    await world.answered(7);
    await back(tab, '/start');
    await tab.run(() => parcours.track('burst', { n: 5 }));
    await world.storedOnce([
      ...['page_view /start', ...bursts('/start', 5), 'page_view /a'],
      ...['page_view /start', 'burst /start 5'],
    ]);
  });

  test('a page is kept with events that the collector was not there for: they are stored once', async () => {
    world.shop.setCode(NOTE);
    const tab = await world.visit('/start');
    await world.answered(1);
    await world.front.cut();
    await burst(tab, 5);
    await goOn(tab, '/a');
    await granted(tab);
    await world.front.pass();
    await world.answered(7);
    await back(tab, '/start');
    await world.storedOnce([...['page_view /start', ...bursts('/start', 5), 'page_view /a', 'page_view /start']]);
  });
}, undefined);
