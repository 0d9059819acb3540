import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type Site, startSite } from '../support/site.ts';
import '../support/window.ts';

let program: Program;
let site: Site;
let visit: Visit;

beforeAll(async () => {
  const port = await freePort();
  const shop = { id: 'shop', keys: ['pk_demo'], origins: [`http://localhost:${port}`], queryKeys: ['page'] };
  program = await startProgram({ config: { sites: [shop] } });
  site = await startSite({
    port,
    collector: program.collector,
    attributes: 'data-query-keys="page,utm_source"',
    code: 'parcours.consent({ audience: true, ads_measurement: true });',
  });
});
afterAll(async () => {
  await site?.close();
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

/** The page views of this visit as stored, by path and what they came by; `end` is tracked last, so all before it are there. */
async function views(): Promise<string[]> {
  const asked = randomUUID();
  const visitor = await visitorOf(visit.page);
  await visit.page.evaluate((asked) => {
    parcours.track('end', { asked });
    return parcours.flush();
  }, asked);
  const mine = `FROM events WHERE visitor_id = '${visitor}'`;
  await program.rowsWhen(`SELECT 1 ${mine} AND (props->>'asked') = '${asked}'`, (rows) => rows.length === 1);
  const rows = await program.query(
    `SELECT regexp_replace(url, '^[a-z]+://[^/]+', '') AS place, props->>'navigation' AS navigation
     ${mine} AND type = 'page_view' ORDER BY occurred_at, seq`,
  );
  return rows.map(({ place, navigation }) => `${place} ${navigation}`);
}

/** The guide's table: how many more views what happens makes. */
const documented = new Map(
  readFileSync(join(ROOT, 'docs/page-views.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, what, count]) => what && /^\d+$/.test(count ?? ''))
    .map(([, what, count]) => [what, Number(count)]),
);

test.each<[string, () => void, string[]]>([
  ['a push to another path', () => history.pushState(null, '', '/x'), ['/x push']],
  ['a push to the same address', () => history.pushState(null, '', location.href), []],
  ['a replaced path', () => history.replaceState(null, '', '/x'), ['/x replace']],
  ['a replaced query key that is not listed', () => history.replaceState(null, '', '?sort=price'), []],
  ['a listed query key', () => history.pushState(null, '', '?page=2'), ['/start?page=2 push']],
  ['a fragment', () => history.pushState(null, '', '#reviews'), []],
  [
    'a push and the way back',
    () => {
      history.pushState(null, '', '/x');
      history.back();
    },
    ['/x push', '/start pop'],
  ],
  ['the address given by hand, twice', () => [parcours.page(), parcours.page()], []],
])('counts %s as documented', async (what, act, expected) => {
  const { page } = visit;
  await page.goto(`${site.origin}/start`);
  const before = await page.evaluate(() => location.pathname);
  await page.evaluate(act);
  // The way back is told by an event of its own.
  if (expected.length === 2) await page.waitForURL(`**${before}`);
  expect(await views()).toEqual(['/start load', ...expected]);
  expect(documented.get(what)).toBe(expected.length);
});

test('counts a page that comes back from the back-forward cache', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start`);
  await page.evaluate(() => {
    Object.assign(globalThis, { survived: true });
  });
  await page.getByRole('link', { name: 'A' }).click();
  await page.waitForURL('**/a');
  await page.goBack();
  await page.waitForURL('**/start');
  const survived = await page.evaluate(() => 'survived' in globalThis);
  expect(await views()).toEqual(['/start load', '/a load', survived ? '/start bfcache' : '/start load']);
});

test('counts a prerendered page only once somebody sees it', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start`);
  await page.evaluate(() => {
    const rules = document.createElement('script');
    rules.type = 'speculationrules';
    rules.textContent = JSON.stringify({ prerender: [{ urls: ['/b'] }] });
    document.head.append(rules);
  });
  expect(await views()).toEqual(['/start load']);
  await page.getByRole('link', { name: 'B' }).click();
  await page.waitForURL('**/b');
  expect((await views()).map((view) => view.split(' ')[0])).toEqual(['/start', '/b']);
});

test('keeps the page before as the referrer, its host alone', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start?utm_source=news`);
  await page.evaluate(() => history.pushState(null, '', '/x'));
  await views();
  const rows = await program.query(
    `SELECT path, referrer_host, utm_source, channel FROM events WHERE type = 'page_view' AND session_id =
       (SELECT session_id FROM events WHERE type = 'end' ORDER BY received_at DESC LIMIT 1) ORDER BY occurred_at, seq`,
  );
  expect(rows).toEqual([
    { path: '/start', referrer_host: null, utm_source: 'news', channel: 'Unassigned' },
    { path: '/x', referrer_host: 'localhost', utm_source: null, channel: null },
  ]);
});
