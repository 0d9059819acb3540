import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { RequestLine } from './options.ts';
import { type OpenedCollector, openCollector, type Way } from './testing/open_collector.ts';

let opened: OpenedCollector;
afterEach(() => opened.close());

const open = async (way: Way, more: object = {}) => {
  const told: { line: RequestLine; fault: unknown }[] = [];
  opened = await openCollector(way, {
    onRequest: (line, fault) => told.push({ line, fault }),
    scripts: [{ version: '1.0.0', file: 'p.js', bytes: new TextEncoder().encode('p()') }],
    ...more,
  });
  return told;
};

it.each(['hono', 'node'] as const)('tells a line for each request, by the pattern of its route (%s)', async (way) => {
  const told = await open(way);
  const asked = [
    ['GET', '/healthz?canary=1'],
    ['GET', '/v/1.0.0/p.js'],
    ['GET', '/v/canary/p.js'],
    ['GET', '/canary'],
    ['PUT', '/v1/events'],
    ['POST', '/v1/events'],
    ['POST', '/v1/events?canary=1'],
  ] as const;
  const ids: (string | null)[] = [];
  for (const [method, path] of asked) {
    const response = await opened.request(path, { method, headers: { 'x-request-id': 'canary' } });
    await response.arrayBuffer();
    ids.push(response.headers.get('x-request-id'));
  }
  expect(told.map(({ line }) => [line.method, line.route, line.status, line.code])).toEqual([
    ['GET', '/healthz', 200, undefined],
    ['GET', '/v/1.0.0/p.js', 200, undefined],
    ['GET', 'unmatched', 404, 'not_found'],
    ['GET', 'unmatched', 404, 'not_found'],
    ['PUT', '/v1/events', 405, 'method_not_allowed'],
    ['POST', '/v1/events', 415, 'unsupported_type'],
    ['POST', '/v1/events', 415, 'unsupported_type'],
  ]);
  expect(told.map(({ line }) => line.requestId)).toEqual(ids);
  expect(new Set(ids).size).toBe(asked.length);
  expect(JSON.stringify(told)).not.toContain('canary');
});

it.each(['hono', 'node'] as const)('hands the fault behind a 500 over, and answers nothing of it (%s)', async (way) => {
  const told = await open(way, {
    now: () => {
      throw new Error('the clock broke');
    },
  });
  const at = new Date().toISOString();
  const response = await opened.request('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({
      v: 1,
      site: 'shop',
      key: 'pk_demo',
      sdk: '1',
      sent_at: at,
      stamps: [],
      events: [randomUUID()],
    }),
  });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('clock');
  expect(told).toMatchObject([
    {
      line: { requestId: response.headers.get('x-request-id'), status: 500, code: 'internal' },
      fault: { message: 'the clock broke' },
    },
  ]);
});

it('names no batch that was taken where nobody writes a line for it, and every other request all the same', async () => {
  await open('node', { namesTaken: false });
  const nameOf = async (path: string, body?: object) => {
    const init = body && { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify(body) };
    const { status, headers } = await opened.request(path, init);
    return [status, headers.has('x-request-id')];
  };
  const batch = {
    v: 1,
    site: 'shop',
    key: 'pk_demo',
    sdk: '1',
    sent_at: new Date().toISOString(),
    stamps: [],
    events: [],
  };
  expect(await nameOf('/v1/events', batch)).toEqual([200, false]);
  expect(await nameOf('/v1/events', { ...batch, key: 'pk_other' })).toEqual([401, true]);
  expect(await nameOf('/healthz')).toEqual([200, true]);
});
