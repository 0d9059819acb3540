import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { type ServedPage, servePage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';
import '../support/window.ts';

let program: Program;
let visit: Visit;
let tags = '';
let page: ServedPage;

const POLICY =
  "default-src 'none'; script-src 'nonce-bm9uY2U'; connect-src COLLECTOR; require-trusted-types-for 'script'";

beforeAll(async () => {
  page = await servePage(
    () => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Scripts</title>
${tags.replaceAll('<script', '<script nonce="bm9uY2U"')}</head>
<body><main><button id="buy">Buy</button><form id="order"><input name="city"></form></main></body></html>`,
    () => ({ 'content-security-policy': POLICY.replace('COLLECTOR', program.collector) }),
  );
  program = await startProgram({ origins: [page.origin] });
});
afterAll(async () => {
  await page?.stop();
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  await visit.close();
  // The page's own, and nothing else.
  expect(visit.faults).toEqual(['uncaught: broken']);
});

const tag = (file: string, data = ''): string => `<script async src="${program.collector}/${file}" ${data}></script>`;
const SITE = 'data-site="shop" data-key="pk_demo"';

/** Types that the visit stored once each of the wanted is there, in no order. */
async function types(wanted: readonly string[]): Promise<Set<unknown>> {
  const visitor = await visitorOf(visit.page);
  const rows = await program.rowsWhen(`SELECT type FROM events WHERE visitor_id = '${visitor}'`, (found) =>
    wanted.every((type) => found.some((row) => row.type === type)),
  );
  return new Set(rows.map(({ type }) => type));
}

async function walk(): Promise<void> {
  await visit.page.goto(page.origin);
  await visit.page.waitForFunction(() => typeof window.parcours?.visitorId === 'function');
  await visit.page.evaluate(() => {
    parcours.consent({ audience: true });
    (window as unknown as { dataLayer: unknown[] }).dataLayer ??= [];
    (window as unknown as { dataLayer: unknown[] }).dataLayer.push({ event: 'search', search_term: 'boots' });
  });
  await visit.page.click('#buy');
  await visit.page.fill('[name=city]', 'Lyon');
  await visit.page.evaluate(() => setTimeout(() => Promise.reject(new TypeError('broken'))));
}

test('one tag of p.full.js tells everything, under a strict policy', async () => {
  tags = tag('p.full.js', SITE);
  await walk();
  expect(await types(['page_view', 'click', 'form_start', 'error', 'search', 'web_vital'])).not.toContain('observe');
});

test.each(['before', 'after'])('add-ons join p.js when they come %s it', async (order) => {
  const addOns = ['p.forms.js', 'p.errors.js', 'p.data-layer.js', 'p.web-vitals.js'].map((file) => tag(file)).join('');
  const main = tag('p.js', SITE);
  // Not async: they run in the order written.
  tags = (order === 'before' ? addOns + main : main + addOns).replaceAll(' async', '');
  await walk();
  await types(['page_view', 'click', 'form_start', 'error', 'search', 'web_vital']);
});

test('p.js alone tells pages and clicks, and no more', async () => {
  tags = tag('p.js', SITE);
  await walk();
  await visit.page.evaluate(() => parcours.track('end'));
  expect(await types(['end'])).toEqual(new Set(['page_view', 'click', 'end']));
});
