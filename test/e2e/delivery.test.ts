import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type Site, startSite } from '../support/site.ts';
import '../support/window.ts';

let program: Program;
let site: Site;
let visit: Visit;
/** What the network's absence makes the browser itself say. */
const NETWORK = /net::ERR_|Failed to load resource/;

beforeAll(async () => {
  const port = await freePort();
  program = await startProgram({ origins: [`http://localhost:${port}`] });
  site = await startSite({ port, collector: program.collector, code: 'parcours.consent({ audience: true });' });
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
  expect(visit.faults.filter((fault) => !NETWORK.test(fault))).toEqual([]);
});

const granted = (page = visit.page): Promise<string> => visitorOf(page);
const stored = (visitor: string, type: string, count: number) =>
  program.rowsWhen(
    `SELECT event_id FROM events WHERE visitor_id = '${visitor}' AND type = '${type}'`,
    (rows) => rows.length >= count,
  );
const burst = (count: number) =>
  visit.page.evaluate((count) => {
    for (let n = 0; n < count; n++) parcours.track('burst', { n });
  }, count);

test('one page view is one POST of at most 750 bytes, without preflight', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start?utm_source=news&utm_medium=email`);
  const visitor = await granted();
  await stored(visitor, 'page_view', 1);
  const posts = visit.requestsTo('/v1/events');
  expect(posts.map((request) => request.method())).toEqual(['POST']);
  expect(posts[0]?.postDataBuffer()?.byteLength).toBeLessThanOrEqual(750);
});

test('offline, then online: every event arrives once', async () => {
  const { page, context } = visit;
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  await context.setOffline(true);
  await burst(20);
  await context.setOffline(false);
  expect(await stored(visitor, 'burst', 20)).toHaveLength(20);
});

test('offline, closed, and visited again: every event arrives once', async () => {
  const { page, context } = visit;
  const again = await context.newPage();
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  await stored(visitor, 'page_view', 1);
  await context.setOffline(true);
  await burst(20);
  await page.evaluate(() => parcours.flush());
  await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
  await context.setOffline(false);
  await again.goto(`${site.origin}/again`);
  expect(await stored(visitor, 'burst', 20)).toHaveLength(20);
});

test('a link clicked right after: nothing is lost and no answer is waited for', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  await page.evaluate(() => {
    for (let n = 0; n < 20; n++) parcours.track('burst', { n });
    document.querySelector<HTMLAnchorElement>('a[href="/a"]')?.click();
  });
  await page.waitForURL('**/a');
  expect(await stored(visitor, 'burst', 20)).toHaveLength(20);
});

test('a tab closed in the same task: nothing is lost', async () => {
  const { page, context } = visit;
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  const [child] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate(() => {
      window.open('/child');
    }),
  ]);
  await granted(child);
  await child
    .evaluate(() => {
      for (let n = 0; n < 20; n++) parcours.track('burst', { n });
      window.close();
    })
    // The tab may be gone before it answers.
    .catch(() => {});
  expect(await stored(visitor, 'burst', 20)).toHaveLength(20);
});

test('two tabs share one queue and one visitor, and send nothing twice', async () => {
  const { page, context } = visit;
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  const other = await context.newPage();
  await other.goto(`${site.origin}/other`);
  expect(await granted(other)).toBe(visitor);
  await context.setOffline(true);
  for (const tab of [page, other]) {
    await tab.evaluate(() => {
      for (let n = 0; n < 10; n++) parcours.track('burst', { n });
    });
  }
  await context.setOffline(false);
  expect(await stored(visitor, 'burst', 20)).toHaveLength(20);
});

test('503 with Retry-After is obeyed, and the same ids are sent again', async () => {
  const { page } = visit;
  let refusals = 0;
  await page.route('**/v1/events', (route) => {
    if (refusals++ > 0) return route.continue();
    return route.fulfill({
      status: 503,
      headers: {
        'retry-after': '1',
        'access-control-allow-origin': site.origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'retry-after',
      },
      body: '{"error":{"code":"overloaded","message":"full"}}',
    });
  });
  await page.goto(`${site.origin}/start`);
  await stored(await granted(), 'page_view', 1);
  const sent = visit.requestsTo('/v1/events').map((request) => JSON.parse(request.postData() ?? '{}'));
  expect(sent.length).toBeGreaterThanOrEqual(2);
  expect(sent[1].events[0]).toEqual(sent[0].events[0]);
  expect(Date.parse(sent[1].sent_at) - Date.parse(sent[0].sent_at)).toBeGreaterThanOrEqual(1_000);
});

test('what was answered of a chunk leaves the disk, and the rest of it survives a reload', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  await stored(visitor, 'page_view', 1);
  let answered = false;
  await page.route('**/v1/events', async (route) => {
    const { events } = JSON.parse(route.request().postData() ?? '{}') as { events: { event_id: string }[] };
    // Every second is to be sent again; then the network is gone until the reload.
    if (answered) return route.abort();
    answered = true;
    return route.fulfill({
      headers: { 'access-control-allow-origin': site.origin, 'access-control-allow-credentials': 'true' },
      json: { results: events.map(({ event_id }, n) => ({ event_id, status: n % 2 ? 'retry' : 'accepted' })) },
    });
  });
  await burst(10);
  await page.evaluate(() => parcours.flush());
  const left = await page.waitForFunction(async () => {
    const [database] = await indexedDB.databases();
    const opened = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(database?.name ?? '');
      request.onsuccess = () => resolve(request.result);
    });
    const chunks = await new Promise<{ text: string }[][]>((resolve) => {
      const request = opened.transaction('events').objectStore('events').getAll();
      request.onsuccess = () => resolve(request.result);
    });
    opened.close();
    const numbers = chunks.flat().map(({ text }) => JSON.parse(text).props.n as number);
    return chunks.length === 1 && numbers.length === 5 && numbers;
  });
  expect(await left.jsonValue()).toEqual([1, 3, 5, 7, 9]);
  await page.unroute('**/v1/events');
  await page.reload();
  expect(await stored(visitor, 'burst', 5)).toHaveLength(5);
});

test('the collector killed and started again: what was tracked meanwhile arrives', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  await stored(visitor, 'page_view', 1);
  await program.killCollector();
  await burst(20);
  await page.reload();
  expect(await stored(visitor, 'burst', 20)).toHaveLength(20);
});

test('the id survives an emptied storage in a cookie that scripts cannot read', async () => {
  const { page, context } = visit;
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  await stored(visitor, 'page_view', 1);
  // Rows may be there before the browser has read the answer that brings it.
  await expect
    .poll(async () => (await context.cookies(`${program.collector}/v1/events`))[0])
    .toMatchObject({ name: 'pc_shop', httpOnly: true, secure: true, sameSite: 'Lax', path: '/v1' });
  // What the page writes for the answer comes before.
  await page.waitForFunction(() => localStorage.getItem('pc_shop')?.includes('"receipt"'));
  await page.evaluate(() => localStorage.clear());
  await page.goto(`${site.origin}/later`);
  const later = await program.rowsWhen(
    `SELECT client_visitor_id FROM events WHERE visitor_id = '${visitor}' AND path = '/later'`,
    (rows) => rows.length === 1,
  );
  expect(later[0]?.client_visitor_id).not.toBeNull();
  await page.waitForFunction((id) => parcours.visitorId() === id, visitor);
});

test('reset makes a new visitor, also for the cookie', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/start`);
  const visitor = await granted();
  await stored(visitor, 'page_view', 1);
  const next = await page.evaluate(async () => {
    parcours.reset();
    parcours.track('after_logout');
    await parcours.flush();
    return parcours.visitorId();
  });
  expect(next).not.toBe(visitor);
  await stored(next as string, 'after_logout', 1);
  await page.goto(`${site.origin}/later`);
  expect(await granted()).toBe(next);
  await stored(next as string, 'page_view', 1);
});

test('runs under the strictest policy, with integrity, and without a word on the console', async () => {
  const integrity = await fetch(`${program.collector}/v/0.1.0/integrity.json`).then((response) => response.json());
  const port = await freePort();
  const strictProgram = await startProgram({ origins: [`http://localhost:${port}`] });
  const strict = await startSite({
    port,
    collector: strictProgram.collector,
    script: `${strictProgram.collector}/v/0.1.0/p.js`,
    attributes: `integrity="${integrity['p.js']}" crossorigin="anonymous"`,
    policy: `default-src 'none'; img-src data:; script-src NONCE 'strict-dynamic'; connect-src ${strictProgram.collector}; require-trusted-types-for 'script'`,
    code: 'parcours.consent({ audience: true });',
  });
  try {
    await visit.page.goto(`${strict.origin}/start`);
    const visitor = await granted();
    await strictProgram.rowsWhen(`SELECT 1 FROM events WHERE visitor_id = '${visitor}'`, (rows) => rows.length === 1);
  } finally {
    await strict.close();
    await strictProgram.stop();
  }
});
