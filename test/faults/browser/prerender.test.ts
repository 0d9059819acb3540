import { expect, test } from 'vitest';
import type { Tab } from './drivers/browser.ts';
import { chromium } from './drivers/chromium.ts';
import { burst, granted, inEachBrowser, loaded } from './world.ts';

/** Asks the browser to load a page ahead, whole. */
const prerender = (tab: Tab, path: string): Promise<void> =>
  tab.run((path) => {
    const rules = document.createElement('script');
    rules.type = 'speculationrules';
    rules.textContent = JSON.stringify({ prerender: [{ urls: [path], eagerness: 'immediate' }] });
    document.head.append(rules);
  }, path);

inEachBrowser(
  (world) => {
    /** Resolves once the script of a page that is loaded ahead was asked for. */
    const isAhead = (path: string) =>
      expect.poll(() => world.shop.scripts.filter((one) => one.path === path && one.isAhead).length).toBe(1);

    test('a page that is loaded ahead counts when it is shown, and what it tracked before with it', async () => {
      const tab = await world.visit('/start');
      await world.answered(1);
      await prerender(tab, '/b');
      await isAhead('/b');
      await tab.run(() => document.querySelector<HTMLAnchorElement>('a[href="/b"]')!.click());
      await loaded(tab, '/b');
      await granted(tab);
      const shownAfter = await tab.run(
        () => (performance.getEntriesByType('navigation')[0] as unknown as { activationStart: number }).activationStart,
      );
      expect(shownAfter).toBeGreaterThan(0);
      await burst(tab, 1);
      await world.storedOnce(['page_view /start', 'click /start', 'page_view /b', 'burst /b 0']);
    });

    test('a page that is loaded ahead and never shown was never there', async () => {
      const tab = await world.visit('/start');
      await world.answered(1);
      await prerender(tab, '/b');
      await isAhead('/b');
      await tab.run(() => document.querySelector<HTMLAnchorElement>('a[href="/a"]')!.click());
      await loaded(tab, '/a');
      await granted(tab);
      await burst(tab, 1);
      await world.storedOnce(['page_view /start', 'click /start', 'page_view /a', 'burst /a 0']);
    });
  },
  // The others load nothing ahead whole.
  [chromium],
);
