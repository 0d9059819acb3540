import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchBrowser, NOTHING_STORED, openVisit, type Visit } from '../support/browser.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type Site, startSite } from '../support/site.ts';
import '../support/window.ts';

let program: Program;
let site: Site;
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  const port = await freePort();
  [program, browser] = await Promise.all([startProgram({ origins: [`http://localhost:${port}`] }), launchBrowser()]);
  site = await startSite({ port, collector: program.collector });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit(browser);
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

/** Notes every use of anything that could keep or carry something, before any script of the page runs. */
const watchDevice = (): Promise<unknown> =>
  visit.context.addInitScript(() => {
    const uses: string[] = [];
    Object.assign(globalThis, { uses });
    const note = (owner: object, name: string, label: string): void => {
      const held = Object.getOwnPropertyDescriptor(owner, name);
      if (!held) return;
      Object.defineProperty(owner, name, {
        ...held,
        ...(held.get && {
          get() {
            uses.push(label);
            return held.get?.call(this);
          },
        }),
        ...(held.set && {
          set(value: unknown) {
            uses.push(label);
            held.set?.call(this, value);
          },
        }),
        ...(typeof held.value === 'function' && {
          value(this: unknown, ...args: unknown[]) {
            uses.push(label);
            return held.value.apply(this, args);
          },
        }),
      });
    };
    note(Document.prototype, 'cookie', 'cookie');
    for (const method of ['getItem', 'setItem', 'removeItem', 'clear', 'key'])
      note(Storage.prototype, method, 'storage');
    note(IDBFactory.prototype, 'open', 'indexedDB');
    note(IDBFactory.prototype, 'databases', 'indexedDB');
    note(LockManager.prototype, 'request', 'locks');
    note(CacheStorage.prototype, 'open', 'caches');
    note(BroadcastChannel.prototype, 'postMessage', 'channel');
    note(globalThis, 'fetch', 'fetch');
    note(Navigator.prototype, 'sendBeacon', 'beacon');
  });

const loaded = (): Promise<unknown> =>
  visit.page.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));

const rowsOf = (visitor: string | undefined) =>
  `SELECT type, path, utm_source FROM events WHERE visitor_id = '${visitor}' ORDER BY occurred_at, seq`;

test('before the choice nothing is read, written or sent, whatever the page does', async () => {
  await watchDevice();
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
  expect(await page.evaluate(() => (globalThis as unknown as { uses: string[] }).uses)).toEqual([]);
  expect(await visit.stored()).toEqual(NOTHING_STORED);
  expect(visit.requestsTo('/v1/events')).toEqual([]);
});

test('a grant releases what was held, the landing campaign with its one page view', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start?utm_source=news`);
  await loaded();
  const visitor = await page.evaluate(async () => {
    parcours.track('tried');
    history.pushState(null, '', '/x');
    parcours.consent({ audience: true });
    parcours.consent({ audience: true });
    await parcours.flush();
    return parcours.visitorId();
  });
  const rows = await program.rowsWhen(rowsOf(visitor), (found) => found.length >= 3);
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
  const visitor = await page.evaluate(async () => {
    parcours.track('held');
    parcours.consent({ audience: false });
    parcours.track('refused');
    parcours.consent({ audience: true });
    parcours.track('granted');
    await parcours.flush();
    return parcours.visitorId();
  });
  const rows = await program.rowsWhen(rowsOf(visitor), (found) => found.some(({ type }) => type === 'granted'));
  expect(rows.map(({ type }) => type)).not.toContain('held');
  expect(rows.map(({ type }) => type)).not.toContain('refused');
  expect(rows.filter(({ type }) => type === 'page_view').length).toBeLessThanOrEqual(1);
});

test('a withdrawal in one tab empties the device and stops the other tab within a second', async () => {
  const { page, context } = visit;
  await page.goto(`${site.origin}/start`);
  const other = await context.newPage();
  await other.goto(`${site.origin}/other`);
  for (const tab of [page, other]) {
    await tab.waitForFunction(() => !Array.isArray((parcours as unknown as { q: unknown }).q));
    await tab.evaluate(async () => {
      parcours.consent({ audience: true });
      await parcours.flush();
    });
  }
  await page.evaluate(() => {
    parcours.consent({ audience: false });
  });
  await other.waitForFunction(() => parcours.visitorId() === undefined, undefined, { timeout: 1_000 });
  const sent = visit.requestsTo('/v1/events').length;
  await other.evaluate(async () => {
    parcours.track('after');
    await parcours.flush();
  });
  expect(visit.requestsTo('/v1/events')).toHaveLength(sent);
  const { cookies, ...storage } = await visit.stored();
  // The collector's own cookie is out of a script's reach; its removal comes with the receipt of the withdrawal.
  expect(cookies.filter((name) => name !== 'pc_shop')).toEqual([]);
  expect({ cookies: [], ...storage }).toEqual(NOTHING_STORED);
});
