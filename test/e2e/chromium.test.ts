import { expect, test } from 'vitest';
import { sharedBrowser } from '../support/browser.ts';

test('what Playwright switches off stays off beside what we switch off', async () => {
  const browser = await sharedBrowser();
  const session = await browser.newBrowserCDPSession();
  const { commandLine } = (await session.send('SystemInfo.getInfo')) as { readonly commandLine: string };
  await session.detach();
  const lists = [...commandLine.matchAll(/--disable-features=(\S*)/g)].map(([, names = '']) => names.split(','));
  expect(lists).toHaveLength(2);
  const [playwright = [], inForce = []] = lists;
  expect(playwright.filter((name) => !inForce.includes(name))).toEqual([]);
});
