import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { anEvent, postEvents } from '../support/batch.ts';
import { openVisit, type Visit } from '../support/browser.ts';
import { mainOrAll } from '../support/full.ts';
import { tabThrough, usable } from '../support/keyboard.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
let secret: string;
const visits: Visit[] = [];

beforeAll(async () => {
  program = await startProgram({ origins: ['https://shop.example'] });
  secret = JSON.parse(readFileSync(join(program.data, 'secrets.json'), 'utf8')).admin;
  const search = anEvent({ type: 'search', props: {} });
  await postEvents(program.collector, [anEvent(), anEvent({ stamp: 7 }), search], {
    dropped: [{ code: 'queue_full', count: 3 }],
  });
  await program.rowsWhen('SELECT 1 FROM dropped', (rows) => rows.length > 0);
});
afterAll(async () => {
  await program?.stop();
});
afterEach(async () => {
  const faults = visits.flatMap((visit) => visit.faults);
  for (const visit of visits.splice(0)) await visit.close();
  expect(faults).toEqual([]);
});

async function open(options: BrowserContextOptions = {}): Promise<Visit> {
  const visit = await openVisit(options);
  visits.push(visit);
  return visit;
}

/** Every page of the console; `ready` is there once all of it is. */
const PAGES = [
  { path: '/login', ready: '#secret', isOpen: true },
  { path: '/login?why=used', ready: '#said', isOpen: true },
  { path: '/', ready: '#health', isOpen: false },
  { path: '/live', ready: '#funnel tr', isOpen: false },
  { path: '/exempt', ready: '#rules', isOpen: false },
  { path: '/privacy', ready: '#retention', isOpen: false },
  { path: '/reference', ready: 'h1', isOpen: false },
] as const;

/** Both languages, both colour schemes, wide and narrow: each value of each with each of another. */
const LOOKS = [
  { lang: 'en', colorScheme: 'light', width: 1280 },
  { lang: 'en', colorScheme: 'dark', width: 320 },
  { lang: 'fr', colorScheme: 'dark', width: 1280 },
  { lang: 'fr', colorScheme: 'light', width: 320 },
] as const;

test('no page of the console is missing here', async () => {
  const { paths } = (await (await fetch(`${program.console}/openapi.json`)).json()) as {
    readonly paths: Readonly<
      Record<string, { readonly get?: { readonly responses: Readonly<Record<string, object>> } }>
    >;
  };
  const served = Object.entries(paths).filter(([, { get }]) =>
    JSON.stringify(get?.responses['200'])?.includes('text/html'),
  );
  expect(served.map(([path]) => path).sort()).toEqual([...new Set(PAGES.map(({ path }) => path.split('?')[0]))].sort());
});

test.each(mainOrAll(LOOKS, { main: 1 }))(
  'every page is accessible and as wide as its window: $lang, $colorScheme, $width px',
  async ({ lang, colorScheme, width }) => {
    const { page } = await open({ colorScheme, viewport: { width, height: 800 } });
    for (const { path, ready, isOpen } of PAGES) {
      const address = `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`;
      if (isOpen) await page.goto(`${program.console}${address}`);
      else await program.signIn(page, address);
      await page.locator(ready).first().waitFor();
      expect([path, await page.locator('html').getAttribute('lang')]).toEqual([path, lang]);
      expect([path, await accessibilityFaults(page)]).toEqual([path, []]);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect([path, Math.max(0, over)]).toEqual([path, 0]);
    }
  },
);

test.each(PAGES)('$path is used by keyboard alone, and shows where one is', async ({ path, ready, isOpen }) => {
  const { page } = await open();
  if (isOpen) await page.goto(`${program.console}${path}`);
  else await program.signIn(page, path);
  await page.locator(ready).first().waitFor();
  // Otherwise the content changes under way.
  if (path === '/') await page.getByRole('button', { name: 'Pause updates' }).click();
  const stops = await tabThrough(page);
  expect(stops.map(({ index }) => index)).toEqual(await usable(page));
  expect(stops.filter(({ isSeen }) => !isSeen)).toEqual([]);
  expect(stops[0]?.name).toBe('Skip to the content');
  await page.locator('.skip').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
});

test('a person signs in by keyboard, comes to the page that was asked, and signs out', async () => {
  const { page, context } = await open();
  await page.goto(`${program.console}/live?lang=fr`);
  expect(new URL(page.url()).pathname).toBe('/login');
  // The browser goes there by itself, with the first frame it draws.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('secret');
  await page.keyboard.type(secret);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/live?lang=fr');
  expect(await page.locator('nav.pages [aria-current=page]').textContent()).toBe('En direct');
  const [cookie] = (await context.cookies()).filter(({ name }) => name.startsWith('parcours_session'));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', secure: false });
  await page.getByRole('button', { name: 'Déconnexion' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Vous êtes déconnecté.').waitFor();
  await page.goto(`${program.console}/`);
  expect(new URL(page.url()).pathname).toBe('/login');
});

test('all but the live view works without JavaScript', async () => {
  const { page } = await open({ javaScriptEnabled: false });
  await page.goto(`${program.console}/?lang=en`);
  await page.getByLabel('Console secret').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${program.console}/?lang=en`);
  await page.getByText('All is well.').waitFor();
  expect(await page.locator('#accounts-scroll tbody tr').first().locator('td').allTextContents()).toEqual([
    ...['1', '1', '1', '3'],
    ...['1', '1', '1', '3'],
  ]);
  expect(await page.getByRole('button', { name: 'Pause updates' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await page.getByText('follows the stream by JavaScript').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
});

test('a wrong secret is told, and the page says no more', async () => {
  const visit = await open();
  await visit.page.goto(`${program.console}/login?lang=en`);
  await visit.page.getByLabel('Console secret').fill('not-a-secret');
  await visit.page.keyboard.press('Enter');
  await visit.page.getByRole('alert').getByText('This secret opens nothing here').waitFor();
  expect(await accessibilityFaults(visit.page)).toEqual([]);
  // The browser's own word on the answer's status.
  expect(visit.faults).toEqual([expect.stringContaining('403 (Forbidden)')]);
  visits.splice(visits.indexOf(visit), 1);
  await visit.close();
});

test('the overview brings itself up to date until it is paused, and leads to the sign-in once signed out', async () => {
  const { page, context } = await open();
  await program.signIn(page, '/?lang=en');
  const newest = page.locator('section', { hasText: 'Newest events' }).locator('tbody tr').first();
  await postEvents(program.collector, [anEvent({ type: 'while_it_updates' })]);
  await newest.getByText('while_it_updates').waitFor();
  const pause = page.getByRole('button', { name: 'Pause updates' });
  await pause.click();
  await postEvents(program.collector, [anEvent({ type: 'while_it_is_paused' })]);
  await program.rowsWhen(`SELECT 1 FROM events WHERE type = 'while_it_is_paused'`, (rows) => rows.length === 1);
  expect(await page.getByText('while_it_is_paused').count()).toBe(0);
  await page.getByRole('button', { name: 'Resume updates' }).click();
  await newest.getByText('while_it_is_paused').waitFor();
  await context.clearCookies();
  await page.waitForURL('**/login?next=*');
});

test('a link on another site leads to the page that it names, in the session', async () => {
  const { page } = await open();
  await program.signIn(page);
  const elsewhere = program.console.replace('127.0.0.1', 'localhost');
  await page.goto(`${elsewhere}/login`);
  // From another host: the cookie (SameSite=Strict) comes with the second request only, which the console makes itself.
  await page.evaluate((address) => {
    const link = document.createElement('a');
    link.href = address;
    document.body.append(link);
    link.click();
  }, `${program.console}/live?lang=en`);
  await page.waitForURL(`${program.console}/live?lang=en`);
  await page.getByText('Connected').waitFor();
});
