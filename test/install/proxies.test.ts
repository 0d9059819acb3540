import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ensureProxies } from '../../scripts/proxies.mjs';
import { aBatch, anEvent, PHONE } from '../support/batch.ts';
import { openVisit, type Visit } from '../support/browser.ts';
import { freePort } from '../support/free_port.ts';
import { loopback, type RunningProxy, startCaddy, startNext, startNginx } from './proxy.ts';
import { INSTALL, type Shop, startShop } from './shop.ts';

/** Each block of the guide that puts the collector behind the shop's own paths, in the real thing. */
const PROXIES = [
  // Adds the address to what was claimed: of a claimed one and one of this machine, the collector rather takes neither.
  { name: 'nginx', start: startNginx, tellsAddress: true, ofClaimed: null },
  // Puts the address in the place of what was claimed.
  { name: 'caddy', start: startCaddy, tellsAddress: true, ofClaimed: '127.0.7.0/24' },
  // Tells whatever stood in front of it said.
  { name: 'next-rewrites', start: startNext, tellsAddress: false, ofClaimed: '203.0.113.0/24' },
] as const;

/** As the guide writes it. */
const COLLECTOR_BEHIND = '127.0.0.1:8787';

beforeAll(async () => {
  await ensureProxies();
}, 180_000);

describe.each(PROXIES)('$name as in the guide', ({ name, start, tellsAddress, ofClaimed }) => {
  let shop: Shop;
  let proxy: RunningProxy;
  let visit: Visit;

  beforeAll(async () => {
    const port = await freePort();
    shop = await startShop(['proxied-config'], `http://localhost:${port}`);
    const block = shop.block(name, { [COLLECTOR_BEHIND]: new URL(loopback(shop.program.collector)).host });
    proxy = await start({ port, block, site: shop.site });
    const [stub] = INSTALL.block('snippet').split('\n');
    shop.serve(`${stub}${shop.block('proxied-page')}${shop.block('consent')}`);
  }, 180_000);
  beforeEach(async () => {
    visit = await openVisit();
  });
  afterEach(() => visit?.close());
  afterAll(async () => {
    await proxy?.stop();
    await shop?.stop();
  });

  test('page views arrive, and the browser sees one host alone', async () => {
    await visit.page.goto(`${shop.origin}/boots`);
    expect(await shop.typesWhen('/boots', ['page_view'])).toContain('page_view');
    const hosts = visit.requests.map((each) => new URL(each.url())).filter(({ protocol }) => protocol !== 'data:');
    expect([...new Set(hosts.map(({ origin }) => origin))]).toEqual([shop.origin]);
    expect(visit.faults).toEqual([]);
  });

  test('the cookie comes back: the visitor is the same after the page has forgotten him', async () => {
    const { page, context } = visit;
    await page.goto(`${shop.origin}/first`);
    await shop.typesWhen('/first', ['page_view']);
    const [cookie] = await context.cookies(`${shop.origin}/shop/in`);
    expect(cookie).toMatchObject({ name: 'pc_shop', path: '/shop', httpOnly: true, secure: true, sameSite: 'Lax' });
    const visitor = await page.evaluate(() => (window as unknown as Page).parcours.visitorId());
    // The answer to the first page: it would be written after what is thrown away next.
    await page.waitForFunction(() => localStorage.getItem('pc_shop')?.includes('"receipt"'));
    // A browser that has thrown away what scripts wrote, as some do after a week.
    await page.evaluate(() => localStorage.clear());
    await page.goto(`${shop.origin}/second`);
    const rows = await shop.program.rowsWhen(
      "select distinct visitor_id, client_visitor_id from events where path = '/second'",
      (found) => found.length > 0,
    );
    expect(rows).toEqual([{ visitor_id: visitor, client_visitor_id: expect.stringMatching(/./) }]);
    expect(rows[0]?.client_visitor_id).not.toBe(visitor);
    await page.waitForFunction((id) => (window as unknown as Page).parcours.visitorId() === id, visitor);
  });

  test('the address and the device are the visitor’s', async () => {
    const page = { url: `${shop.origin}/address`, title: 'Address' };
    const status = await postFrom('127.0.7.5', `${shop.origin}/shop/in`, JSON.stringify(aBatch([anEvent({ page })])));
    expect(status).toBe(200);
    const rows = await shop.program.rowsWhen(
      "select ip_prefix, device, bot from events where path = '/address'",
      (found) => found.length > 0,
    );
    expect(rows).toEqual([{ ip_prefix: ofClaimed, device: 'mobile', bot: false }]);
    if (!tellsAddress) return;
    const plain = { url: `${shop.origin}/plain`, title: 'Plain' };
    await postFrom('127.0.7.5', `${shop.origin}/shop/in`, JSON.stringify(aBatch([anEvent({ page: plain })])), {});
    const told = await shop.program.rowsWhen(
      "select ip_prefix from events where path = '/plain'",
      (found) => found.length > 0,
    );
    expect(told).toEqual([{ ip_prefix: '127.0.7.0/24' }]);
  });

  test('the script is kept by browsers, compressed, and known again', async () => {
    const ask = (headers: Record<string, string>): Promise<Response> => fetch(`${shop.origin}/shop/a.js`, { headers });
    const response = await ask({ 'accept-encoding': 'gzip, br' });
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('set-cookie')).toBeNull();
    const known = response.headers.get('etag') as string;
    expect((await ask({ 'accept-encoding': 'gzip, br', 'if-none-match': known })).status).toBe(304);
  });

  test('the consent policy lies beside the endpoint, is kept by browsers and known again', async () => {
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${shop.origin}/shop/policy/shop`, { headers });
    const response = await ask({ cookie: 'pc_shop=whatever' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ hash: expect.stringMatching(/^[\w-]{22}$/) });
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('set-cookie')).toBeNull();
    const known = response.headers.get('etag') as string;
    expect((await ask({ 'if-none-match': known })).status).toBe(304);
    const other = await fetch(`${shop.origin}/shop/policy/other`);
    expect(other.status).toBe(404);
    expect(await other.json()).toMatchObject({ error: { code: 'unknown_site' } });
  });

  test('the largest batch that the SDK sends passes', async () => {
    const page = { url: `${shop.origin}/large`, title: 'Large' };
    const events = Array.from({ length: 30 }, () => anEvent({ page, props: { note: 'x'.repeat(2_000) } }));
    expect(await postFrom('127.0.0.1', `${shop.origin}/shop/in`, JSON.stringify(aBatch(events)))).toBe(200);
    await shop.program.rowsWhen("select 1 from events where path = '/large'", (rows) => rows.length === 30);
  });
});

interface Page {
  readonly parcours: { visitorId(): string | undefined };
}

/**
 * Sends a batch as a phone at another address would, with 203.0.113.9 as the address of before; gives the status.
 *
 * @param from an address of this machine: on Linux all of 127.0.0.0/8 is
 */
const postFrom = (
  from: string,
  url: string,
  body: string,
  claimed: Readonly<Record<string, string>> = { 'x-forwarded-for': '203.0.113.9' },
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { port, pathname, host } = new URL(url);
    const headers = { host, 'content-type': 'text/plain', 'user-agent': PHONE, ...claimed };
    const options = { host: '127.0.0.1', port, path: pathname, method: 'POST', localAddress: from, headers };
    request(options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end(body);
  });
