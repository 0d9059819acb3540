import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLoader, type Engine, openDuckDb } from '@parcours/store';
import { type ControlFeed, openControlFeed } from '@parcours/store/control';
import { type BatchRecord, openLog } from '@parcours/store/log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DataFolder, dataFolder } from '../data_folder.ts';
import { followSettled } from './follow.ts';
import { purge, settle } from './settle.ts';

let folder: DataFolder;
let engine: Engine;
let feed: ControlFeed;
beforeEach(async () => {
  folder = dataFolder(await mkdtemp(join(tmpdir(), 'parcours-settled-')));
  engine = await openDuckDb({ path: join(folder.root, 'test.duckdb'), folder: folder.store, threads: 2 });
  feed = await openControlFeed({ folder: folder.control, intervalMs: 20 });
});
afterEach(async () => {
  await feed.stop();
  await engine.close();
  await rm(folder.root, { recursive: true, force: true });
});

const RECEIVED = Date.parse('2026-11-20T10:00:00.000Z');

/** Failures of these codes, each received a second after the one before. */
async function load(...codes: readonly string[]): Promise<void> {
  const log = await openLog({ folder: join(folder.logs, `collector-${codes.join('-')}`) });
  for (const [index, code] of codes.entries()) {
    const at = new Date(RECEIVED + index * 1000).toISOString();
    const record: BatchRecord = {
      ...{ v: 1, kind: 'batch', site: 'shop', source: 'web', received_at: at, sent_at: at, sdk: '1.0.0' },
      ...{ client: { bot: false }, stamps: [], events: [] },
      failed: [{ stage: 'validate', code, path: '', message: 'm', item: '{}' }],
    };
    await log.append(JSON.stringify(record));
  }
  await log.close();
  await createLoader({ logs: folder.logs, engine }).drain();
}

const ids = async (code: string): Promise<string[]> =>
  (await engine.query(`SELECT failed_id FROM failed WHERE code = '${code}'`)).rows.map(([id]) => String(id));
const left = async (): Promise<string> =>
  (await engine.query('SELECT code FROM failed ORDER BY received_at')).rows.flat().join(' ');

it('takes out all that was decided before it resolves, and then what is decided', async () => {
  await load('a', 'b', 'c', 'd', 'e');
  await settle(folder, await ids('c'), 'replayed');
  await purge(folder, { before: new Date(RECEIVED + 1).toISOString() });
  await expect.poll(() => feed.stats().records).toBe(2);
  const stop = await followSettled(engine, { feed, onError: () => expect.unreachable() });
  expect(await left()).toBe('b d e');
  await settle(folder, await ids('d'), 'purged');
  await purge(folder, { before: new Date(RECEIVED + 60_000).toISOString(), site: 'shop', code: 'b' });
  await expect.poll(left).toBe('e');
  await stop();
});

it('asks the engine again for what it could not do, without another decision', async () => {
  await load('a', 'b');
  let broken = true;
  const errors: unknown[] = [];
  const stop = await followSettled(
    {
      settleFailures: async (some) => {
        if (broken) throw new Error('the disk is full');
        return await engine.settleFailures(some);
      },
      purgeFailures: engine.purgeFailures,
    },
    { feed, onError: (error) => errors.push(error), retryMs: 5 },
  );
  await settle(folder, await ids('a'), 'purged');
  await expect.poll(() => errors.length).toBeGreaterThan(2);
  expect(await left()).toBe('a b');
  broken = false;
  await expect.poll(left).toBe('b');
  await stop();
});

it('records thousands at once in few lines, and those that are settled not again', async () => {
  const many = Array.from({ length: 2_500 }, (_, index) => `f${index}`);
  await settle(folder, many, 'replayed');
  await settle(folder, [...many, 'one more'], 'purged');
  await expect.poll(() => feed.stats().records).toBe(4);
  expect(feed.state.failures_settled.size).toBe(2_501);
  expect([feed.state.failures_settled.get('f0')?.as, feed.state.failures_settled.get('one more')?.as]).toEqual([
    'replayed',
    'purged',
  ]);
});
