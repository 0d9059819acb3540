import { test } from 'vitest';
import type { Tab } from './drivers/browser.ts';
import { burst, bursts, granted, inEachBrowser, pageAfter } from './world.ts';

/** Tracks and closes in one task, which is harsher than any visitor. */
const trackAndClose = (tab: Tab, count: number): Promise<void> =>
  tab
    .run((count) => {
      for (let n = 0; n < count; n++) parcours.track('burst', { n });
      close();
    }, count)
    // The page may be gone before it can say that it is done.
    .catch(() => {});

inEachBrowser((world) => {
  test.each([1, 20])('the tab is closed by its script right after %i events', async (count) => {
    const tab = await world.visit('/start');
    const child = await tab.opens(() => void window.open('/child'));
    await granted(child);
    await world.answered(2);
    await trackAndClose(child, count);
    await world.storedOnce(['page_view /start', 'page_view /child', ...bursts('/child', count)]);
  });

  test.each([1, 20])('the tab is closed by the visitor right after %i events', async (count) => {
    const tab = await world.visit('/start');
    await world.answered(1);
    await burst(tab, count);
    await tab.close();
    const after = await pageAfter(world);
    await world.storedOnce(['page_view /start', ...bursts('/start', count), ...after]);
  });

  test('the tab is closed before its first batch has been answered', async () => {
    world.front.slow({ latencyMs: 500, bytesPerSecond: 1_000_000 });
    const tab = await world.visit('/start');
    await burst(tab, 20);
    await tab.close();
    const after = await pageAfter(world);
    await world.storedOnce(['page_view /start', ...bursts('/start', 20), ...after]);
  });
});
