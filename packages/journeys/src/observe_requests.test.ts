import type { Engine } from '@parcours/store';
import { expect, it } from 'vitest';
import { createJourneys } from './app.tsx';
import { createLiveFeed } from './live/feed.ts';
import type { RequestLine } from './observe_requests.ts';

it('tells a line for each request with its id, and what is behind a 500', async () => {
  const broken = { query: () => Promise.reject(new Error('canary of the disk')) } as unknown as Engine;
  const told: { line: RequestLine; fault: unknown }[] = [];
  const app = createJourneys({
    engine: broken,
    feed: createLiveFeed(),
    adminSecret: 'open',
    onRequest: (line, fault) => told.push({ line, fault }),
  });
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: { host: 'localhost', 'x-request-id': 'canary', ...init.headers } });
  const headers = { authorization: 'Bearer open' };
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
