import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { DIAGNOSE_HEADER, readDiagnosis, signDiagnosis } from './diagnosis.ts';
import { createCollectorServer } from './node.ts';
import { type OpenedCollector, openCollector } from './testing/open_collector.ts';

const SECRET = Buffer.alloc(32, 5);
const NOW = Date.UTC(2026, 10, 22);

let opened: OpenedCollector | undefined;
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
  await opened?.close();
});

/** Asks past the check of descriptions: this is no part of the API, but the program's talk with itself. */
async function ask(way: 'hono' | 'node', headers: Readonly<Record<string, string>>): Promise<Response> {
  const { collector } = opened as OpenedCollector;
  if (way === 'hono') {
    const request = new Request('http://localhost/v1/events', { headers });
    return collector.fetch(request, { remoteAddress: '127.0.0.1' });
  }
  server ??= createCollectorServer(collector).listen(0, '127.0.0.1');
  if (!server.listening) await once(server, 'listening');
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`, { headers });
}

it('answers for a minute to whoever has the secret, and to nobody else', () => {
  const header = signDiagnosis(SECRET, { now: NOW, nonce: 'abc' });
  expect(readDiagnosis(SECRET, header, NOW)).toBe('abc');
  expect(readDiagnosis(SECRET, header, NOW + 60_000)).toBe('abc');
  expect(readDiagnosis(SECRET, header, NOW + 60_001)).toBeUndefined();
  expect(readDiagnosis(SECRET, header, NOW - 60_001)).toBeUndefined();
  expect(readDiagnosis(Buffer.alloc(32, 6), header, NOW)).toBeUndefined();
  expect(readDiagnosis(SECRET, header.replace('abc', 'abd'), NOW)).toBeUndefined();
  expect(readDiagnosis(SECRET, header.replace(`${NOW}`, `${NOW + 1}`), NOW)).toBeUndefined();
  for (const garbage of ['', '..', header.slice(0, -1), `${header}x`]) {
    expect(readDiagnosis(SECRET, garbage, NOW)).toBeUndefined();
  }
});

it.each(['hono', 'node'] as const)(
  'tells how the request came, and sets a cookie that is known again (%s)',
  async (way) => {
    opened = await openCollector(way, { diagnoseSecret: SECRET, trustProxy: 1 });
    const signed = () => ({ [DIAGNOSE_HEADER]: signDiagnosis(SECRET, { now: Date.now(), nonce: 'one' }) });
    const headers = {
      ...signed(),
      origin: 'https://shop.example',
      'x-forwarded-for': '198.51.100.7',
      'x-secret': 'no',
    };
    const first = await ask(way, headers);
    expect(await first.json()).toMatchObject({
      nonce: 'one',
      socket: { address: '127.0.0.1' },
      headers: { 'x-forwarded-for': '198.51.100.7' },
      ...{ address: '198.51.100.7', trust_proxy: 1, address_header: 'x-forwarded-for', site: 'shop', visitor: 'none' },
    });
    expect(first.headers.get('cache-control')).toBe('no-store');
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^pc_shop=.*HttpOnly; Secure; SameSite=Lax$/);
    const again = { ...headers, cookie: cookie.split(';')[0] as string };
    expect(await (await ask(way, again)).json()).toMatchObject({ visitor: 'known' });
    expect(await opened.records()).toEqual([]);
  },
);

it('is not there for anyone else', async () => {
  opened = await openCollector('node', { diagnoseSecret: SECRET });
  const plain = await ask('node', {});
  const wrong = await ask('node', {
    [DIAGNOSE_HEADER]: signDiagnosis(Buffer.alloc(32, 6), { now: Date.now(), nonce: 'one' }),
  });
  expect([plain.status, wrong.status]).toEqual([405, 405]);
  expect(await wrong.text()).toBe(await plain.text());
  expect(wrong.headers.get('set-cookie')).toBeNull();
});
