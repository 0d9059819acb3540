import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type Site, startSite } from '../support/site.ts';
import { deviceUses, watchDevice } from '../support/watch_device.ts';
import '../support/window.ts';

let program: Program;
let site: Site;
let visit: Visit;

beforeAll(async () => {
  const port = await freePort();
  program = await startProgram({ origins: [`http://localhost:${port}`] });
  site = await startSite({ port, collector: program.collector });
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

const loaded = (): Promise<unknown> =>
  visit.page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));

const rowsOf = (visitor: string) =>
  `SELECT type, path, utm_source FROM events WHERE visitor_id = '${visitor}' ORDER BY occurred_at, seq`;

test('before the choice nothing is read, written or sent, whatever the page does', async () => {
  await watchDevice(visit.context);
  const { page } = visit;
  await page.goto(`${site.origin}/start?utm_source=news`);
  await loaded();
  await page.evaluate(async () => {
    for (let n = 0; n < 100; n++) parcours.track('tried', { n });
    history.pushState(null, '', '/x');
    parcours.reset();
    await parcours.flush();
  });
  await page.goto(`${site.origin}/next`);
  await loaded();
  expect(await deviceUses(page)).toEqual([]);
  expect(await visit.stored()).toEqual(NOTHING_STORED);
  expect(visit.requestsTo('/v1/events')).toEqual([]);
});

test('a grant releases what was held, the landing campaign with its one page view', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start?utm_source=news`);
  await loaded();
  await page.evaluate(() => {
    parcours.track('tried');
    history.pushState(null, '', '/x');
    parcours.consent({ audience: true, ads_measurement: true });
    parcours.consent({ audience: true, ads_measurement: true });
  });
  const rows = await program.rowsWhen(rowsOf(await visitorOf(page)), (found) => found.length >= 3);
  expect(rows).toEqual([
    { type: 'page_view', path: '/start', utm_source: 'news' },
    { type: 'tried', path: '/start', utm_source: null },
    { type: 'page_view', path: '/x', utm_source: null },
  ]);
});

test('what was seen before or during a refusal is never sent, not even after a later grant', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start?utm_source=secret-campaign`);
  await loaded();
  await page.evaluate(() => {
    parcours.track('held');
    parcours.consent({ audience: false });
    parcours.track('refused');
    parcours.consent({ audience: true });
    parcours.track('granted');
  });
  const rows = await program.rowsWhen(rowsOf(await visitorOf(page)), (found) =>
    found.some(({ type }) => type === 'granted'),
  );
  expect(rows.map(({ type }) => type)).not.toContain('held');
  expect(rows.map(({ type }) => type)).not.toContain('refused');
  expect(rows.filter(({ type }) => type === 'page_view').length).toBeLessThanOrEqual(1);
});
