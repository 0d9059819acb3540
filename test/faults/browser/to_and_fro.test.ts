import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'vitest';
import { granted, holds, inEachBrowser } from './world.ts';

/** Times that the visitor turns round. WebKit closes the database of a page that it keeps, and opens it to the page no more. */
const TURNS = 12;

/** What a turn has left, told from the page that is shown next. */
type Marked = { left?: number };

inEachBrowser((world) => {
  test('the visitor goes to and fro between two pages while the collector is away: all is stored', async () => {
    const profile = await world.start();
    const tab = await world.visit('/a', profile);
    await tab.run(() => document.querySelector<HTMLAnchorElement>('a[href="/b"]')!.click());
    await holds(tab, () => location.pathname === '/b' && document.readyState === 'complete');
    await granted(tab);
    // Until the answers are in the page. To ask the reader here would give the first page time to end what it was writing.
    await pause(1_500);
    await world.front.cut();
    const events: string[] = [];
    let here = '/b';
    for (let turn = 0; turn < TURNS; turn++) {
      const there = here === '/b' ? '/a' : '/b';
      await tab.run(
        (n, by) => {
          parcours.track('burst', { n });
          (globalThis as Marked).left = n;
          history.go(by);
        },
        turn,
        here === '/b' ? -1 : 1,
      );
      events.push(`burst ${here} ${turn}`, `page_view ${there}`);
      here = there;
      await holds(
        tab,
        (path, n) =>
          (globalThis as Marked).left !== n &&
          location.pathname === path &&
          document.readyState === 'complete' &&
          parcours.visitorId() !== undefined,
        here,
        turn,
      );
    }
    await world.front.pass();
    await tab.close();
    const last = await world.visit('/end', profile);
    await last.run(() => parcours.flush());
    await world.storedOnce(['page_view /a', 'click /a', 'page_view /b', ...events, 'page_view /end'], 20_000);
  });
});
