import { expect, test } from 'vitest';
import { burst, bursts, copiesIn, inEachBrowser } from './world.ts';

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
});
