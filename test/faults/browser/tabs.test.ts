import { expect, test } from 'vitest';
import type { Tab } from './drivers/browser.ts';
import { burst, bursts, copiesIn, granted, holds, inEachBrowser } from './world.ts';

type Holding = { isHeld?: boolean };

/** Keeps the queue's database busy: writes of other pages are not begun before {@link letGo}, as with a disk that takes its time. */
const holdDisk = (tab: Tab): Promise<void> =>
  tab.run(
    () =>
      new Promise<void>((resolve, reject) => {
        const page = globalThis as Holding;
        page.isHeld = true;
        const opening = indexedDB.open('parcours-shop');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const events = opening.result.transaction('events', 'readwrite').objectStore('events');
          const hold = () => {
            if (page.isHeld) events.count().onsuccess = hold;
            else opening.result.close();
          };
          hold();
          resolve();
        };
      }),
  );

const letGo = (tab: Tab): Promise<void> =>
  tab.run(() => {
    (globalThis as Holding).isHeld = false;
  });

inEachBrowser((world) => {
  test.each([2, 5])('%i tabs that are online again at once send each event once', async (count) => {
    const profile = await world.start();
    const paths = Array.from({ length: count }, (_, n) => `/tab${n}`);
    const tabs = [];
    for (const path of paths) tabs.push(await world.visit(path, profile));
    await world.answered(count);
    await world.front.cut();
    for (const tab of tabs) await tab.setOffline(true);
    for (const tab of tabs) await burst(tab, 10);
    // What a tab hands over while it is hidden, another may find on the disk and send too: that counts once, by its id.
    const before = world.front.batches.length;
    await world.front.pass();
    for (const tab of tabs) await tab.setOffline(false);
    await world.storedOnce(paths.flatMap((path) => [`page_view ${path}`, ...bursts(path, 10)]));
    expect(copiesIn(world.front.batches.slice(before))).toEqual([]);
  });

  test('what a closed tab left is brought by the one that stays', async () => {
    const profile = await world.start();
    const stays = await world.visit('/stays', profile);
    const goes = await world.visit('/goes', profile);
    await world.answered(2);
    await world.front.cut();
    await burst(goes, 10);
    await goes.close();
    await burst(stays, 1);
    await world.front.pass();
    await world.storedOnce(['page_view /stays', 'page_view /goes', ...bursts('/goes', 10), ...bursts('/stays', 1)]);
  });

  test('tabs that nobody sees are closed right after an event, while the disk is busy', async () => {
    const profile = await world.start();
    const stays = await world.visit('/stays', profile);
    await world.answered(1);
    await world.front.cut();
    await holdDisk(stays);
    const paths = Array.from({ length: 5 }, (_, n) => `/goes${n}`);
    for (const path of paths) {
      const goes = await profile.newTab();
      await goes.goto(world.shop.origin + path);
      await granted(goes);
      await profile.newTab();
      // What drives WebKit opens each tab in a window of its own, beside the others.
      if (world.kind.name !== 'webkit') await holds(goes, () => document.hidden);
      await burst(goes, 1);
      await goes.close();
    }
    await letGo(stays);
    await world.front.pass();
    await burst(stays, 1);
    await world.storedOnce([
      'page_view /stays',
      ...bursts('/stays', 1),
      ...paths.flatMap((path) => [`page_view ${path}`, ...bursts(path, 1)]),
    ]);
  });
});
