import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentFaults } from '@parcours/protocol/openapi/testing';
import { type Engine, openDuckDb } from '@parcours/store';

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createJourneys } from './app.tsx';
import type { Journeys } from './env.ts';
import { createLiveFeed } from './live/feed.ts';
import { consoleOpenApi } from './openapi.ts';

let folder: string;
let engine: Engine;
const metrics = { text: async () => '', mayRead: () => true };
const openApp = (): Journeys =>
  createJourneys({
    engine,
    feed: createLiveFeed(),
    auth: { secrets: { holderOf: () => undefined, holderWithId: () => undefined }, sessionKey: 'x' },
    metrics,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-openapi-'));
  engine = await openDuckDb({ path: join(folder, 'p.duckdb'), folder });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

it('describes every route, and the published document is the one that the routes make', async () => {
  const document = consoleOpenApi(openApp());
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
    '../../../docs/reference/openapi/console.json',
  );
});

it('is valid OpenAPI 3.1, and its examples are as its schemas say', async () => {
  expect(await documentFaults(consoleOpenApi(openApp()))).toEqual([]);
});

it('has no document for a route that describes nothing', () => {
  const app = openApp();
  app.get('/secret', (context) => context.text('?'));
  expect(() => consoleOpenApi(app)).toThrow('GET /secret');
});

it('gives its document', async () => {
  const response = await openApp().request('/openapi.json', { headers: { host: 'localhost' } });
  expect(await response.json()).toMatchObject({ openapi: '3.1.1', info: { title: 'Parcours console' } });
});
