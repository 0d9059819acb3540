import type { Rights } from '@parcours/sdk/rights';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit, visitorOf } from '../support/browser.ts';
import { outputOf } from '../support/command.ts';
import { type ServedPage, servePage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';
import '../support/window.ts';

/** What `p.rights.js` adds to the page's tracker. */
type WithRights = typeof parcours & { readonly rights: Rights };

/** By their whole names, though the script's own are shortened. */
const CALLS = ['eraseMine', 'exportMine', 'object', 'status', 'subjectId', 'withdraw'];

let site: ServedPage;
let program: Program;

beforeAll(async () => {
  const tag = (script: string, of: string): string =>
    `<script async src="${program.collector}/${script}" ${of}></script>`;
  site = await servePage((path) => {
    const of = path === '/closed' ? 'data-site="closed" data-key="pk_closed"' : 'data-site="shop" data-key="pk_demo"';
    return `<!doctype html><html lang="en"><title>Boots</title><link rel="icon" href="data:,">${tag('p.rights.js', of)}${tag('p.js', of)}`;
  });
  const shop = { id: 'shop', keys: ['pk_demo'], origins: [site.origin] };
  program = await startProgram({
    config: {
      sites: [
        { ...shop, rightsFromPages: ['export', 'erase'] },
        { ...shop, id: 'closed', keys: ['pk_closed'] },
      ],
    },
  });
});
afterAll(async () => {
  await site?.stop();
  await program?.stop();
});

/** Resolves once the rows of a visitor are as wanted: some of a type, or none at all. */
const rowsAre = async (visitor: string, isWanted: (types: readonly unknown[]) => boolean): Promise<void> => {
  await program.rowsWhen(
    `SELECT type FROM events WHERE visitor_id = '${visitor}' OR client_visitor_id = '${visitor}'`,
    (found) => isWanted(found.map(({ type }) => type)),
  );
};

const here = { waitUntil: 'load' } as const;
const started = () => typeof parcours === 'object' && !!(parcours as WithRights).rights && !!parcours.track;

test('no script of a page gets or erases anything where the site does not say so, and the device stays as it is', async () => {
  const visit = await openVisit();
  const { page } = visit;
  await page.goto(`${site.origin}/closed`, here);
  await page.waitForFunction(started);
  await page.evaluate(() => parcours.consent({ audience: true }));
  const visitor = await visitorOf(page);
  await page.evaluate(() => {
    parcours.track('kept');
    return parcours.flush();
  });
  const asked = await page.evaluate(async () => {
    const { rights } = parcours as WithRights;
    const refusals: string[][] = [];
    for (const ask of [rights.exportMine, rights.eraseMine])
      await ask().then(
        () => refusals.push(['given']),
        ({ code, message }) => refusals.push([code, message]),
      );
    return { refusals, status: rights.status(), visitor: rights.subjectId() };
  });
  const why = (what: string) => [
    'not_for_pages',
    expect.stringContaining(`pages of this site may not ask to ${what}: name "${what}" in its setting rightsFromPages`),
  ];
  expect(asked).toEqual({ refusals: [why('export'), why('erase')], status: 'granted', visitor });
  await rowsAre(visitor, (types) => types.includes('kept'));
  await visit.close();
});

test.each([
  ['the cookie', false],
  ['the receipt, where the cookie is gone', true],
])(
  'a page exports and erases by %s; the device is wiped in all tabs, and nothing comes back',
  async (_, isCookieless) => {
    const visit = await openVisit();
    const { page, context } = visit;
    await page.goto(`${site.origin}/boots`, here);
    await page.waitForFunction(started);
    expect(await page.evaluate(() => Object.keys((parcours as WithRights).rights).sort())).toEqual(CALLS);
    await page.evaluate(() => parcours.consent({ audience: true }));
    const visitor = await visitorOf(page);
    expect(await page.evaluate(() => (parcours as WithRights).rights.subjectId())).toBe(visitor);
    await page.evaluate(() => {
      parcours.track('before');
      return parcours.flush();
    });
    await rowsAre(visitor, (types) => types.includes('before'));
    if (isCookieless) await context.clearCookies();

    const held = await page.evaluate(() => (parcours as WithRights).rights.exportMine());
    expect(held).toMatchObject({ format: 'parcours.subject/1', ids: [{ kind: 'visitor', value: visitor }] });
    expect((held.events as { type: string; visitor_id: string }[]).map(({ type }) => type)).toContain('before');

    const other = await context.newPage();
    await other.goto(`${site.origin}/tents`, here);
    await other.waitForFunction(started);
    await other.evaluate(() => parcours.consent({ audience: true }));
    await visitorOf(other);
    await context.route('**/v1/events', (route) => route.abort('internetdisconnected'));
    await page.evaluate(() => parcours.track('while_offline'));
    const { logGoneBy } = await page.evaluate(() => (parcours as WithRights).rights.eraseMine());
    expect(logGoneBy).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const tab of [page, other]) {
      await tab.waitForFunction(() => (parcours as WithRights).rights.status() === 'denied');
      await tab.evaluate(async () => {
        parcours.track('afterwards');
        await parcours.flush();
      });
    }

    // That it was taken back is all that is left, until the collector has heard of it.
    const told = page.waitForResponse((response) => response.url().endsWith('/v1/events') && response.ok());
    await context.unroute('**/v1/events');
    await page.evaluate(() => dispatchEvent(new Event('online')));
    expect(JSON.parse((await told).request().postData() ?? '')).toMatchObject({ withdrawn: {}, events: [] });
    await expect.poll(visit.stored).toEqual(NOTHING_STORED);
    expect((await context.cookies()).map(({ name }) => name)).toEqual([]);
    await page.reload(here);
    await page.waitForFunction(started);
    expect(await page.evaluate(() => (parcours as WithRights).rights.status())).toBe('pending');
    expect(await visit.stored()).toEqual(NOTHING_STORED);
    await rowsAre(visitor, ({ length }) => length === 0);
    expect(await program.query("SELECT 1 FROM events WHERE type IN ('while_offline', 'afterwards')")).toEqual([]);
    expect(visit.faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED/.test(fault))).toEqual([]);

    const { entries } = JSON.parse(await outputOf(['audit', 'list', '--json', '--data', program.data])) as {
      readonly entries: readonly { action: string; by: string }[];
    };
    const own = entries.filter(({ by }) => by === 'visitor').slice(-2);
    expect(own.map(({ action }) => action).sort()).toEqual(['subject_erased', 'subject_exported']);
    const again = await page.evaluate(() =>
      (parcours as WithRights).rights.exportMine().then(
        () => 'given',
        ({ code }) => code,
      ),
    );
    expect(again).toBe('not_proven');
    await visit.close();
  },
);
