import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetricsGuard } from '@parcours/collector';
import { createJourneys, createLiveFeed } from '@parcours/journeys';
import { createLoader, type Engine, maintain, openDuckDb } from '@parcours/store';
import { openLog } from '@parcours/store/log';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sumOf } from '../../../../test/support/samples.ts';
import { dataFolder } from '../data_folder.ts';
import { readerMetrics } from './reader.ts';

let root: string;
let engine: Engine;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parcours-metrics-'));
});
afterEach(async () => {
  await engine.close();
  await rm(root, { recursive: true });
});

const NOW = '2026-11-22T10:00:00.000Z';
const [A, B, C] = [randomUUID(), randomUUID(), randomUUID()];
const batch = (...ids: string[]): string =>
  JSON.stringify({
    v: 1,
    kind: 'batch',
    site: 'shop',
    source: 'web',
    received_at: NOW,
    sent_at: NOW,
    sdk: '1',
    client: { bot: false },
    stamps: [{ purposes: ['audience'], source: 'manual', at: NOW }],
    events: ids.map((event_id) => ({ event_id, type: 'page_view', occurred_at: NOW, stamp: 0 })),
  });

it('tells what was loaded, asked, sealed and watched, to this machine alone', async () => {
  const folder = dataFolder(root);
  const registry = new Registry();
  const feed = createLiveFeed();
  const metrics = readerMetrics(registry, { folder, feed });
  const log = await openLog({ folder: join(folder.logs, 'collector-0') });
  engine = metrics.observed(await openDuckDb({ path: folder.database, folder: folder.store }));
  const loader = createLoader({ logs: folder.logs, engine, onError: metrics.loadFailed });
  metrics.follow(loader);
  const app = createJourneys({
    engine,
    feed,
    auth: { secrets: { holderOf: () => undefined, holderWithId: () => undefined }, sessionKey: 'x' },
    onRequest: metrics.request,
    metrics: { text: () => registry.metrics(), mayRead: createMetricsGuard(['127.0.0.0/8']) },
  });
  const ask = (remoteAddress: string, headers = {}) =>
    app.request('/metrics', { headers: { host: 'localhost', ...headers } }, { remoteAddress });
  const figure = async (name: string, labels?: string) => sumOf(await (await ask('127.0.0.1')).text(), name, labels);

  await log.append(batch(A, B));
  await log.append(batch(B, C));
  await log.close();
  expect(await figure('parcours_loader_rows_total')).toBe(0);
  await loader.drain();
  expect(await figure('parcours_loader_rows_total', 'loaded')).toBe(3);
  expect(await figure('parcours_loader_rows_total', 'duplicate')).toBe(1);
  expect(await figure('parcours_loader_chunk_rows_sum')).toBe(4);
  expect(await figure('parcours_loader_load_duration_seconds_count')).toBeGreaterThan(0);
  expect(await figure('parcours_loader_backlog_bytes')).toBe(0);
  expect(await figure('parcours_loader_failing')).toBe(0);
  expect(await figure('parcours_database_size_bytes')).toBeGreaterThan(1_000);

  await engine.query('SELECT 1');
  await engine.query('SELECT * FROM events', { maxRows: 1 });
  await expect(engine.query('DROP TABLE events')).rejects.toThrow();
  for (const outcome of ['ok', 'truncated', 'not_a_select'])
    expect(await figure('parcours_query_duration_seconds_count', `"${outcome}"`)).toBe(1);

  expect(await figure('parcours_maintenance_last_success_timestamp_seconds')).toBe(0);
  metrics.maintained(await maintain({ engine, logs: folder.logs, now: Date.parse('2026-11-24T00:00:00Z') }));
  expect(await figure('parcours_sealed_days')).toBe(1);
  expect(await figure('parcours_maintenance_last_success_timestamp_seconds')).toBeGreaterThan(0);
  const stop = feed.subscribe(() => {});
  expect(await figure('parcours_live_watchers')).toBe(1);
  stop();

  expect((await ask('203.0.113.5')).status).toBe(404);
  expect(await figure('parcours_console_request_duration_seconds_count', 'route="/metrics",status="404"')).toBe(1);
  expect((await ask('127.0.0.1', { 'x-forwarded-for': '203.0.113.5' })).status).toBe(404);
});
