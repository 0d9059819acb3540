import type { Engine } from '@parcours/store';
import { afterEach, expect, it } from 'vitest';
import type { RequestLine } from './observe_requests.ts';
import { openConsole, type TestConsole } from './testing/open_console.ts';

let opened: TestConsole;
afterEach(() => opened.close());

it('tells a line for each request with its id, and what is behind a 500', async () => {
  const broken = { query: () => Promise.reject(new Error('canary of the disk')) } as unknown as Engine;
  const told: { line: RequestLine; fault: unknown }[] = [];
  opened = await openConsole({ engine: broken, onRequest: (line, fault) => told.push({ line, fault }) });
  const ask = (path: string, init: Parameters<TestConsole['request']>[1] = {}) =>
    opened.request(path, {
      ...init,
      headers: { 'x-request-id': 'canary', ...(init.headers as Record<string, string>) },
    });
  const headers = { authorization: 'Bearer secret-of-admin' };
  const answers = [
    await ask('/healthz?canary'),
    await ask('/canary'),
    await ask('/v1/query', { method: 'POST' }),
    await ask('/v1/query', { method: 'POST', headers, body: JSON.stringify({ sql: "SELECT 'canary'" }) }),
  ];
  expect(told.map(({ line }) => [line.method, line.route, line.status])).toEqual([
    ['GET', '/healthz', 200],
    ['GET', 'unmatched', 404],
    ['POST', '/v1/query', 401],
    ['POST', '/v1/query', 500],
  ]);
  expect(told.map(({ line }) => line.requestId)).toEqual(answers.map(({ headers: h }) => h.get('x-request-id')));
  expect(told.map(({ fault }) => fault instanceof Error)).toEqual([false, false, false, true]);
  expect(JSON.stringify(told.map(({ line }) => line))).not.toContain('canary');
  expect(await answers[3]?.json()).toEqual({ error: { code: 'internal', message: 'the reader failed' } });
});
