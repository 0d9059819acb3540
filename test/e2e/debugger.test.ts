import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { NOTHING_STORED, openVisit, type Visit } from '../support/browser.ts';
import { type ServedPage, servePage } from '../support/page.ts';
import { publishPolicy } from '../support/policy.ts';
import { type Program, startProgram } from '../support/program.ts';
import '../support/window.ts';

/** Nothing but what carries the nonce runs, no style stands inline, and no text becomes markup or code. */
const CSP =
  "default-src 'none'; script-src 'nonce-bm9uY2U'; style-src 'self'; img-src data:; connect-src COLLECTOR; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

let program: Program;
let site: ServedPage;
let visit: Visit;
let lang = 'en';

beforeAll(async () => {
  site = await servePage(
    () => `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<script nonce="bm9uY2U" src="${program.collector}/p.debugger.js"></script>
<script nonce="bm9uY2U" src="${program.collector}/p.js" data-site="shop" data-key="pk_demo"></script></head>
<body><main><h1>Shop</h1><button id="buy">Buy</button></main></body></html>`,
    () => ({ 'content-security-policy': CSP.replace('COLLECTOR', program.collector) }),
  );
  program = await startProgram({ origins: [site.origin] });
});
afterAll(async () => {
  await site?.stop();
  await program?.stop();
});
afterEach(async () => {
  await visit.close();
  // A style or script that the policy blocks would be one.
  expect(visit.faults).toEqual([]);
});

/** Puts a policy in force that shows the debugger, and waits until pages get it. */
async function allowDebug(): Promise<void> {
  const file = join(program.data, '..', 'consent.policy.json');
  await writeFile(file, JSON.stringify({ policy: 1, version: '1.0.0', rules: { debug: true } }));
  await publishPolicy(file, program);
}

/** What the console said of the debugger. */
const said: string[] = [];

async function open(query: string, options: BrowserContextOptions = {}): Promise<Page> {
  visit = await openVisit(options);
  said.length = 0;
  const { page } = visit;
  page.on('console', (message) => {
    if (message.text().includes('debugger')) said.push(message.text());
  });
  await page.goto(`${site.origin}/start${query}`);
  await page.waitForFunction(() => typeof window.parcours?.visitorId === 'function');
  return page;
}

const panel = (page: Page) => page.locator('parcours-debugger');
/** A section of the panel, such as `Held`, once it has so many events. */
const section = async (page: Page, name: string, count: number): Promise<readonly string[]> => {
  const found = panel(page).locator('details', { hasText: new RegExp(`^${name} ${count}`) });
  await found.waitFor();
  return (await found.locator('li').allTextContents()).map((text) => text.replace(/^[\d:]+ /, ''));
};

test('nothing is shown where the policy does not say so, or the address does not ask', async () => {
  let page = await open('?pc_debug');
  await expect.poll(() => said).toEqual([expect.stringContaining('does not say "debug": true')]);
  expect(await panel(page).count()).toBe(0);
  await visit.close();
  await allowDebug();
  page = await open('');
  await expect.poll(() => said).toEqual([expect.stringContaining('has no ?pc_debug')]);
  await page.waitForLoadState('networkidle');
  expect(await panel(page).count()).toBe(0);
});

test('before the choice what waits is listed, a refusal ends it, and nothing is stored or sent', async () => {
  const page = await open('?pc_debug');
  expect(await section(page, 'Held', 1)).toEqual(["page_view waits for the visitor's choice"]);
  await page.click('#buy');
  expect(await section(page, 'Held', 2)).toHaveLength(2);
  // What is done in the panel is no click of the page.
  await panel(page).locator('summary').last().click();
  await panel(page).getByRole('button', { name: 'Consent debugger' }).click();
  await panel(page).getByRole('button', { name: 'Consent debugger' }).click();
  await page.click('#buy');
  expect(await section(page, 'Held', 3)).toHaveLength(3);
  await panel(page).getByText('No choice yet').waitFor();

  await page.evaluate(() => parcours.consent({ audience: false }));
  expect(await section(page, 'Refused', 3)).toEqual([
    'click the purpose was not granted (needs audience)',
    'click the purpose was not granted (needs audience)',
    'page_view the purpose was not granted (needs audience)',
  ]);
  await page.click('#buy');
  await section(page, 'Refused', 4);
  await section(page, 'Held', 0);
  expect(await panel(page).locator('dd').allTextContents()).toContain('audience measurement (audience)');
  expect(await visit.stored()).toEqual(NOTHING_STORED);
  expect(visit.requestsTo('/v1/events')).toEqual([]);
});

test('of a grant is told what was sent, what was refused, and the fields that went; and of its withdrawal', async () => {
  const page = await open('?pc_debug&utm_source=news');
  await page.evaluate(() => {
    parcours.identify({ customer_id: 'C-1' });
    parcours.track('search', { search_term: 'boots' });
    parcours.consent({ audience: true, crm_join: false });
  });
  expect(await section(page, 'Refused', 1)).toEqual(['identify the purpose was not granted (needs crm_join)']);
  expect(await section(page, 'Sent', 2)).toEqual([
    'search taken by the collector, without keys.customer_id (needs crm_join)',
    'page_view taken by the collector, without utm_source (needs ads_measurement)',
  ]);
  const facts = async () =>
    Object.fromEntries((await panel(page).locator('dt').allTextContents()).map((name, n) => [name, n] as const));
  const fact = async (name: string) =>
    panel(page)
      .locator('dd')
      .nth((await facts())[name] as number)
      .textContent();
  expect(await fact('Granted')).toBe('audience measurement (audience)');
  expect(await fact('Denied')).toBe('link with the customer file (crm_join)');
  expect(await fact('Unknown')).toMatch(/personalisation.*ads_measurement.*ads_share/);
  expect(await fact('Source')).toBe('manual');
  await expect.poll(() => fact('Receipt')).toMatch(/^[\w-]{22}$/);
  const served = await (await fetch(`${program.collector}/v1/policy/shop`)).json();
  expect(await fact('Policy')).toBe((served as { readonly hash: string }).hash);

  const visitor = await page.evaluate(() => parcours.visitorId());
  const rows = await program.rowsWhen(
    `SELECT * FROM events WHERE visitor_id = '${visitor}' ORDER BY seq`,
    (found) => found.length >= 2,
  );
  // The page on which the debugger is asked for is the page itself.
  expect(JSON.stringify(rows)).not.toMatch(/pc_debug/);
  expect(rows.map(({ type, path }) => [type, path])).toEqual([
    ['page_view', '/start'],
    ['search', '/start'],
  ]);

  await page.evaluate(() => parcours.consent({ audience: false }));
  await panel(page).getByText('No audience measurement').waitFor();
  await page.click('#buy');
  expect((await section(page, 'Refused', 2))[0]).toBe('click the purpose was not granted (needs audience)');
  expect(await section(page, 'Sent', 2)).toHaveLength(2);
});

test('a grant that Global Privacy Control has cut down says so', async () => {
  visit = await openVisit();
  await visit.context.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
  const { page } = visit;
  await page.goto(`${site.origin}/start?pc_debug`);
  await page.waitForFunction(() => typeof window.parcours?.visitorId === 'function');
  await page.evaluate(() => parcours.consent({ audience: true, ads_share: true }));
  await panel(page).getByText('on, took ads_share').waitFor();
});

/** What has the focus, in the panel too. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(inner as Element);
    const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    return `${inner?.textContent}${isSeen || inner === document.activeElement ? '' : ', not seen'}`;
  });

test.each([
  ['en', 'light', 320],
  ['fr', 'dark', 320],
  ['fr', 'light', 1280],
  ['en', 'dark', 1280],
] as const)(
  'in %s, %s and %i px wide it is complete for everyone, by keyboard alone',
  async (language, colorScheme, width) => {
    lang = language;
    const page = await open('?pc_debug', { colorScheme, viewport: { width, height: 640 } });
    lang = 'en';
    const words =
      language === 'en'
        ? ['Consent debugger', 'Pending', 'Held 1', 'Queued 0', 'Sent 0', 'Refused 0', 'Lost 0', 'Copy report']
        : [
            'Débogueur du consentement',
            'En attente',
            'Retenus 1',
            'En file 0',
            'Envoyés 0',
            'Refusés 0',
            'Perdus 0',
            'Copier le rapport',
          ];
    const [title, status, ...stops] = words as [string, string, ...string[]];
    await panel(page)
      .getByText(stops[0] as string)
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const { scrollWidth, clientWidth, isWithin, background } = await page.evaluate(() => {
      const host = document.querySelector('parcours-debugger') as Element;
      const section = host.shadowRoot?.querySelector('section') as Element;
      const { left, right, top } = section.getBoundingClientRect();
      const body = section.querySelector('#body') as Element;
      return {
        scrollWidth: body.scrollWidth,
        clientWidth: body.clientWidth,
        isWithin: left >= 0 && right <= innerWidth && top >= 0,
        background: getComputedStyle(section).backgroundColor,
      };
    });
    expect(scrollWidth).toBe(clientWidth);
    expect(isWithin).toBe(true);
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(29, 31, 36)' : 'rgb(255, 255, 255)');

    const walked: string[] = [];
    for (let n = 0; n < stops.length + 2; n++) {
      await page.keyboard.press('Tab');
      walked.push(await focused(page));
    }
    expect(walked).toEqual(['Buy', `${title}${status}`, ...stops]);
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe(`${title}${status}`);
    expect(
      await panel(page)
        .getByText(stops[0] as string)
        .isVisible(),
    ).toBe(false);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    expect(
      await panel(page)
        .getByText(stops[0] as string)
        .isVisible(),
    ).toBe(true);
  },
);

test('its report is copied', async () => {
  const page = await open('?pc_debug', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.evaluate(() => parcours.consent({ audience: true }));
  await section(page, 'Sent', 1);
  await panel(page).getByRole('button', { name: 'Copy report' }).click();
  await panel(page).getByText('Report copied.').waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toMatch(/^Consent debugger, .*\nGranted\. Events are stored/);
  expect(report).toMatch(/Sent: 1\n {2}\S+Z page_view: taken by the collector/);
  const ids = await page.evaluate(() =>
    Object.values(localStorage)
      .join()
      .match(/[0-9a-f-]{36}|[\w-]{22}(?=")/g),
  );
  for (const id of ids ?? []) if (!report.includes(`Policy: ${id}`)) expect(report).not.toContain(id);
  expect(ids?.length).toBeGreaterThan(1);
});
