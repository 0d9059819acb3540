import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { type OpenedCollector, openCollector } from '../testing/open_collector.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

let opened: OpenedCollector;
afterEach(() => opened.close());

const SCRIPTS = [
  { version: '1.1.0', file: 'p.js', bytes: text('new()') },
  { version: '1.1.0', file: 'p.web-vitals.js', bytes: text('newVitals()') },
  { version: '1.0.0', file: 'p.js', bytes: text('old()') },
  { version: '1.0.0', file: 'p.gone.js', bytes: text('gone()') },
] as const;

/** One page view; where it was sent to makes its id. */
const batchOf = (path: string): string => {
  const at = new Date().toISOString();
  const event = { event_id: `view-${path.length}`, type: 'page_view', occurred_at: at, stamp: 0 };
  const stamps = [{ purposes: ['audience'], source: 'manual', at }];
  const events = [{ ...event, visitor_id: 'v', page: { url: 'https://shop.example/' } }];
  return JSON.stringify({ v: 1, site: 'shop', key: 'pk_demo', sdk: '1', sent_at: at, stamps, events });
};

const sha384 = (content: string): string => `sha384-${createHash('sha384').update(content).digest('base64')}`;

it('serves the newest scripts, and every version of them for ever', async () => {
  opened = await openCollector('hono', { scripts: SCRIPTS });
  for (const [path, content] of [
    ['/p.js', 'new()'],
    ['/p.web-vitals.js', 'newVitals()'],
  ] as const) {
    const latest = await opened.request(path);
    expect(await latest.text()).toBe(content);
    expect(latest.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(latest.headers.get('cache-control')).toBe('public, max-age=3600');
  }
  const pinned = await opened.request('/v/1.0.0/p.js');
  expect(await pinned.text()).toBe('old()');
  expect(pinned.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(pinned.headers.get('access-control-allow-origin')).toBe('*');
  expect(pinned.headers.get('set-cookie')).toBeNull();
  expect(await (await opened.request('/v/1.0.0/p.gone.js')).text()).toBe('gone()');
  for (const path of ['/v/0.9.0/p.js', '/v/1.1.0/p.gone.js', '/p.gone.js', '/v/1.0.0/..%2Fp.js']) {
    expect([path, (await opened.request(path)).status]).toEqual([path, 404]);
  }
});

it('tells the sha384 of every script of a version, and which version is the newest', async () => {
  opened = await openCollector('hono', { scripts: SCRIPTS });
  const read = async (path: string): Promise<unknown> => (await opened.request(path)).json();
  expect(await read('/v/1.0.0/integrity.json')).toEqual({ 'p.js': sha384('old()'), 'p.gone.js': sha384('gone()') });
  expect(await read('/v/integrity.json')).toEqual({
    '1.1.0/p.js': sha384('new()'),
    '1.1.0/p.web-vitals.js': sha384('newVitals()'),
  });
  const response = await opened.request('/v/integrity.json');
  expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
});

it('serves the scripts beside a path of your own as beside /p.js, which stays', async () => {
  opened = await openCollector('hono', { scripts: SCRIPTS, scriptPath: '/shop/a.js' });
  const body = async (path: string): Promise<string> => (await opened.request(path)).text();
  expect(await body('/shop/a.js')).toBe('new()');
  expect(await body('/shop/a.web-vitals.js')).toBe('newVitals()');
  expect(await body('/shop/v/1.0.0/a.js')).toBe('old()');
  expect(await body('/shop/v/1.0.0/integrity.json')).toContain('"a.gone.js"');
  expect(await body('/shop/v/integrity.json')).toContain('"1.1.0/a.js"');
  expect(await body('/p.js')).toBe('new()');
});

it.each(['hono', 'node'] as const)('receives at a path of your own as at /v1/events, which stays (%s)', async (way) => {
  opened = await openCollector(way, { endpointPath: '/shop/in' });
  for (const path of ['/shop/in', '/v1/events']) {
    const response = await opened.request(path, { method: 'POST', body: batchOf(path) });
    expect([path, response.status]).toEqual([path, 200]);
  }
  expect(await opened.records()).toHaveLength(2);
  expect((await opened.request('/shop/in')).status).toBe(405);
  const origin = 'https://shop.example';
  expect((await opened.request('/shop/in', { method: 'OPTIONS', headers: { origin } })).status).toBe(204);
});

it('compresses the script where the browser takes it, and spares it where it is known', async () => {
  const scripts = [{ version: '1.0.0', file: 'p.js', bytes: text('x();'.repeat(500)) }];
  opened = await openCollector('node', { scripts });
  const response = await opened.request('/p.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(response.headers.get('content-encoding')).toBe('br');
  expect(await response.text()).toBe('x();'.repeat(500));
  const etag = response.headers.get('etag') as string;
  const again = (known: string, encoding: string): Promise<Response> =>
    opened.request('/p.js', { headers: { 'if-none-match': known, 'accept-encoding': encoding } });
  expect((await again(etag, 'br')).status).toBe(304);
  expect((await again(`"other", W/${etag}`, 'br')).status).toBe(304);
  // The other form of the bytes is not what the browser has.
  expect((await again(etag, 'identity')).status).toBe(200);
});

it('is ready until it drains', async () => {
  opened = await openCollector('hono');
  expect((await opened.request('/readyz')).status).toBe(200);
  opened.collector.drain();
  expect((await opened.request('/readyz')).status).toBe(503);
  expect((await opened.request('/healthz')).status).toBe(200);
});

it('tells its metrics to this machine alone, never through a proxy', async () => {
  opened = await openCollector('node');
  const metrics = await opened.request('/metrics');
  expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
  expect(await metrics.text()).toContain('parcours_log_writable 1');
  for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']) {
    expect((await opened.request('/metrics', { headers: { [header]: '127.0.0.1' } })).status).toBe(404);
  }
  const elsewhere = { remoteAddress: '203.0.113.5' };
  expect((await opened.collector.request('/metrics', {}, elsewhere)).status).toBe(404);
});

it('answers a preflight for the pages that may send, and for no other', async () => {
  opened = await openCollector('hono');
  const ask = (origin: string) => opened.request('/v1/events', { method: 'OPTIONS', headers: { origin } });
  const allowed = await ask('https://shop.example');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  expect(allowed.headers.get('access-control-allow-headers')).toContain('content-type');
  const refused = await ask('https://evil.example');
  expect(refused.status).toBe(401);
  expect(refused.headers.get('access-control-allow-origin')).toBeNull();
});

it('stops at creation where an option is wrong, and names it', async () => {
  opened = await openCollector('hono');
  for (const [options, message] of [
    [{ cookieSecret: new Uint8Array(8) }, /cookieSecret/],
    [{ sites: [{ id: 'Shop', keys: ['k'] }] }, /sites\[0\]\.id/],
    [{ trustProxy: ['here'] }, /trustProxy/],
    [{ rateLimits: { perAddress: 0 } }, /rateLimits\.perAddress/],
    [{ scriptPath: '/shop/a' }, /scriptPath/],
    [{ endpointPath: 'shop/in' }, /endpointPath/],
    [{ endpointPath: '/shop/:in' }, /endpointPath/],
    [{ endpointPath: '' }, /endpointPath/],
  ] as const) {
    await expect(openCollector('hono', options as never)).rejects.toThrow(message);
  }
});
