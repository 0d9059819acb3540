import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openDuckDb } from '@parcours/store';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createJourneys } from './app.tsx';
import { createLiveFeed, type LiveFeed } from './live/feed.ts';
import { liveText } from './pages/live_text.ts';

let folder: string;
let engine: Engine;
let feed: LiveFeed;
let app: Hono;
const host = { host: '127.0.0.1:8788' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-journeys-'));
  engine = await openDuckDb({ path: join(folder, 'p.duckdb'), folder });
  feed = createLiveFeed();
  app = createJourneys({ engine, feed, adminSecret: 'open', instance: 'one' });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

it.each(['evil.example', 'localhost.evil.example', '', '127.0.0.1.evil.example:8788'])(
  'answers nothing to the host name "%s"',
  async (name) => {
    expect((await app.request('/', { headers: { host: name } })).status).toBe(403);
  },
);

it.each(['en', 'fr'] as const)('shows the live page in %s, by address or by the browser', async (language) => {
  for (const response of [
    await app.request(`/?lang=${language}`, { headers: host }),
    await app.request('/', { headers: { ...host, 'accept-language': `${language}-CH,de;q=0.5` } }),
  ]) {
    const page = await response.text();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(`<h1>${liveText[language].title}</h1>`);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  }
});

it('has every text in both languages', () => {
  expect(Object.keys(liveText.fr)).toEqual(Object.keys(liveText.en));
});

const query = (body: unknown, authorization?: string) =>
  app.request('/v1/query', {
    method: 'POST',
    headers: { ...host, ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  });

it('answers a SELECT to whoever holds the secret, and to nobody else', async () => {
  expect((await query({ sql: 'SELECT 1' })).status).toBe(401);
  expect((await query({ sql: 'SELECT 1' }, 'Bearer wrong')).status).toBe(401);
  const answer = await query({ sql: 'SELECT 1 AS one' }, 'Bearer open');
  expect(await answer.json()).toMatchObject({ columns: [{ name: 'one' }], rows: [[1]], truncated: false });
});

it.each([
  [{}, 'sql'],
  [{ sql: '' }, 'sql'],
  [{ sql: 'SELECT 1', maxRows: 0 }, 'maxRows'],
  [{ sql: 'SELECT 1', limit: 3 }, 'limit'],
])('names what is wrong with %j', async (body, field) => {
  const answer = await query(body, 'Bearer open');
  expect(answer.status).toBe(400);
  expect(JSON.stringify(await answer.json())).toContain(field);
});

it('passes on why the engine refused', async () => {
  const answer = await query({ sql: 'DROP TABLE events' }, 'Bearer open');
  expect(await answer.json()).toMatchObject({ error: { code: 'not_a_select' } });
});

it('streams what is published, after what is there already', async () => {
  const response = await app.request('/live/events', { headers: host });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await read()).toContain('"lines":[]');
  feed.publish({
    v: 1,
    kind: 'batch',
    site: 'shop',
    source: 'web',
    received_at: '2026-11-22T10:00:00.000Z',
    sent_at: '2026-11-22T10:00:00.000Z',
    sdk: '0.1.0',
    client: { bot: false },
    stamps: [],
    events: [{ event_id: 'e', type: 'page_view', occurred_at: '2026-11-22T10:00:00.000Z', stamp: 0, path: '/boots' }],
  });
  expect(await read()).toContain('"type":"page_view","decision":"accepted","detail":"/boots"');
  await reader.cancel();
});
