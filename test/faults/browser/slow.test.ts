import { test } from 'vitest';
import { burst, bursts, inEachBrowser, loaded, pageAfter } from './world.ts';

/** What browsers' tools call slow 3G. */
const SLOW_3G = { latencyMs: 2_000, bytesPerSecond: 50_000 };

inEachBrowser((world) => {
  test('over slow 3G all is stored', async () => {
    world.front.slow(SLOW_3G);
    const tab = await world.visit('/start');
    await burst(tab, 20);
    await world.storedOnce(['page_view /start', ...bursts('/start', 20)]);
  });

  test('over slow 3G the visitor goes from page to page, faster than any answer, and closes the tab', async () => {
    const tab = await world.visit('/start');
    await world.answered(1);
    world.front.slow(SLOW_3G);
    for (const path of ['/a', '/b']) {
      await burst(tab, 1);
      await tab.click(`a[href="${path}"]`);
      await loaded(tab, path);
    }
    await burst(tab, 1);
    await tab.close();
    const events = [
      ...['page_view /start', 'burst /start 0', 'click /start'],
      ...['page_view /a', 'burst /a 0', 'click /a', 'page_view /b', 'burst /b 0'],
    ];
    await world.storedOnce([...events, ...(await pageAfter(world))]);
  });
});
