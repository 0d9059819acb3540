import { test } from 'vitest';
import type { Tab } from './drivers/browser.ts';
import { bursts, inEachBrowser, loaded } from './world.ts';

/** Tracks and follows a link in one task, as handlers of a click do. */
const trackAndFollow = (tab: Tab, count: number, href: string): Promise<void> =>
  tab.run(
    (count, href) => {
      for (let n = 0; n < count; n++) parcours.track('burst', { n });
      document.querySelector<HTMLAnchorElement>(`a[href="${href}"]`)!.click();
    },
    count,
    href,
  );

inEachBrowser((world) => {
  test.each([1, 20])('a link of the site is followed right after %i events', async (count) => {
    const tab = await world.visit('/start');
    await world.answered(1);
    await trackAndFollow(tab, count, '/a');
    await loaded(tab, '/a');
    await world.storedOnce(['page_view /start', ...bursts('/start', count), 'click /start', 'page_view /a']);
  });

  test.each([1, 20])('a page without the tracker is gone to right after %i events', async (count) => {
    const tab = await world.visit('/start');
    await world.answered(1);
    await trackAndFollow(tab, count, '/outside');
    await loaded(tab, '/outside');
    await world.storedOnce(['page_view /start', ...bursts('/start', count), 'click /start']);
  });

  test('the mouse clicks a link: the click is stored with the page that it leads to', async () => {
    const tab = await world.visit('/start');
    await world.answered(1);
    await tab.click('a[href="/b"]');
    await loaded(tab, '/b');
    await tab.click('a[href="/outside"]');
    await loaded(tab, '/outside');
    await world.storedOnce(['page_view /start', 'click /start', 'page_view /b', 'click /b']);
  });
});
