import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { type OpenedCollector, openCollector } from '../testing/open_collector.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

let opened: OpenedCollector;
afterEach(() => opened.close());

it('serves the newest script, and every version of it for ever', async () => {
  const scripts = [
    { version: '1.1.0', bytes: text('new()') },
    { version: '1.0.0', bytes: text('old()') },
  ];
  opened = await openCollector('hono', { scripts });
  const latest = await opened.request('/p.js');
  expect(await latest.text()).toBe('new()');
  expect(latest.headers.get('cache-control')).toBe('public, max-age=3600');
  const pinned = await opened.request('/v/1.0.0/p.js');
  expect(await pinned.text()).toBe('old()');
  expect(pinned.headers.get('cache-control')).toContain('immutable');
  expect(pinned.headers.get('access-control-allow-origin')).toBe('*');
  expect(pinned.headers.get('set-cookie')).toBeNull();
  const integrity = (await (await opened.request('/v/1.0.0/integrity.json')).json()) as Record<string, string>;
  expect(integrity['p.js']).toBe(`sha384-${createHash('sha384').update('old()').digest('base64')}`);
  expect((await opened.request('/v/0.9.0/p.js')).status).toBe(404);
});

it('compresses the script where the browser takes it, and spares it where it is known', async () => {
  opened = await openCollector('node', { scripts: [{ version: '1.0.0', bytes: text('x();'.repeat(500)) }] });
  const response = await opened.request('/p.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(response.headers.get('content-encoding')).toBe('br');
  expect(await response.text()).toBe('x();'.repeat(500));
  const etag = response.headers.get('etag') as string;
  expect((await opened.request('/p.js', { headers: { 'if-none-match': etag } })).status).toBe(304);
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
  expect((await opened.request('/metrics', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(404);
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
  ] as const) {
    await expect(openCollector('hono', options as never)).rejects.toThrow(message);
  }
});
