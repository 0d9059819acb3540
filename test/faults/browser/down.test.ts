import { test } from 'vitest';
import { burst, bursts, granted, inEachBrowser } from './world.ts';

inEachBrowser((world) => {
  test('the collector is down, the page is loaded again, the collector is back', async () => {
    const tab = await world.visit('/start');
    await world.answered(1);
    await world.front.cut();
    await burst(tab, 20);
    await tab.reload();
    await granted(tab);
    await world.front.pass();
    await world.storedOnce(['page_view /start', 'page_view /start', ...bursts('/start', 20)]);
  });

  test('the collector is down, the browser is closed and opened again, the collector is back', async () => {
    const folder = await world.folder();
    const before = await world.start(folder);
    const tab = await world.visit('/start', before);
    await world.answered(1);
    await world.front.cut();
    await burst(tab, 20);
    await before.quit();
    const after = await world.start(folder);
    await world.front.pass();
    await world.visit('/again', after);
    await world.storedOnce(['page_view /start', 'page_view /again', ...bursts('/start', 20)]);
  });

  test('the collector is down at the first visit: what was granted waits for the policy', async () => {
    await world.front.cut();
    const tab = await (await world.start()).newTab();
    await tab.goto(`${world.shop.origin}/start`);
    await burst(tab, 20);
    await world.front.pass();
    await granted(tab);
    await world.storedOnce(['page_view /start', ...bursts('/start', 20)]);
  });
});
