import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLoader, type Engine, openDuckDb } from '@parcours/store';
import { readControl } from '@parcours/store/control';
import { type BatchRecord, openLog } from '@parcours/store/log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DataFolder, dataFolder } from '../data_folder.ts';
import { createReplayRun, REPLAY_COLUMNS, type ReplayedItem, type ReplayOptions } from './replay.ts';
import type { Row } from './select.ts';

const ID = '019aa1c0-0000-7000-8000-000000000001';
const AT = '2026-11-20T10:00:00.000Z';
const STAMP = { purposes: ['audience'], source: 'manual', at: '2026-11-20T09:00:00.000Z' };
const ITEM = { event_id: ID, type: 'purchase', occurred_at: AT, stamp: 0 };
const site = { id: 'shop', origins: ['https://shop.example'], hosts: [], queryKeys: [] };

let folder: DataFolder;
let engine: Engine;
beforeEach(async () => {
  folder = dataFolder(await mkdtemp(join(tmpdir(), 'parcours-replay-')));
  engine = await openDuckDb({ path: join(folder.root, 'test.duckdb'), folder: folder.store, threads: 2 });
});
afterEach(async () => {
  await engine.close();
  await rm(folder.root, { recursive: true, force: true });
});

const load = (): Promise<void> => createLoader({ logs: folder.logs, engine }).drain();

/** One item that failed, as a batch with this stamp left it. */
async function fail(stamp: BatchRecord['stamps'][number]): Promise<void> {
  const log = await openLog({ folder: join(folder.logs, 'collector-0') });
  const props = { transaction_id: 'W-1', currency: 'euro', value: 12.5, items: [{ item_id: 'a' }] };
  const record: BatchRecord = {
    ...{ v: 1, kind: 'batch', site: 'shop', source: 'web', received_at: AT, sent_at: AT, sdk: '1.0.0' },
    ...{ client: { bot: false }, stamps: [stamp], events: [] },
    failed: [
      {
        ...{
          event_id: ID,
          type: 'purchase',
          stage: 'validate',
          code: 'invalid_field',
          path: 'props.currency',
          message: '',
        },
        item: JSON.stringify({ ...ITEM, props }),
      },
    ],
  };
  await log.append(JSON.stringify(record));
  await log.close();
  await load();
}

const failedRows = async (): Promise<readonly Row[]> => {
  const { columns, rows } = await engine.query(`SELECT ${REPLAY_COLUMNS} FROM failed`);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
};

/** A whole run; `more` breaks it where a process could end, or tells what it cannot know yet. */
async function replay(rows: readonly Row[], more: Partial<ReplayOptions> = {}): Promise<readonly ReplayedItem[]> {
  const run = createReplayRun({
    ...{ folder, sites: [site], dryRun: false },
    repair: { set: ['props.currency=EUR'] },
    stored: async () => new Set(),
    ...more,
  });
  return await run.page(rows).finally(() => run.close());
}

const killed = async (): Promise<never> => {
  throw new Error('killed');
};

const counts = async (): Promise<unknown> =>
  (
    await engine.query(`SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM orders),
      (SELECT coalesce(sum(count), 0) FROM filtered)`)
  ).rows[0];

const outcomes = [
  { title: 'an event', stamp: STAMP, becomes: [1, 1, 0], as: 'replayed', outcome: 'accepted' },
  {
    title: 'counted as filtered',
    stamp: { ...STAMP, purposes: [] },
    becomes: [0, 0, 1],
    as: 'filtered',
    outcome: 'filtered',
  },
];

it.each(outcomes)('is $title once, though the first run was killed before it settled', async (expected) => {
  await fail(expected.stamp);
  const rows = await failedRows();
  await expect(replay(rows, { settle: killed })).rejects.toThrow('killed');
  expect((await readControl(folder.control)).failures_settled.size).toBe(0);
  await load();
  expect(await replay(rows)).toMatchObject([{ outcome: expected.outcome }]);
  await load();
  expect(await counts()).toEqual(expected.becomes);
  expect([...(await readControl(folder.control)).failures_settled.values()]).toMatchObject([{ as: expected.as }]);
});

it.each(outcomes)(
  'is $title once, though runs at the same time know nothing of one another',
  async ({ stamp, becomes }) => {
    await fail(stamp);
    const rows = await failedRows();
    await Promise.all([replay(rows), replay(rows), replay(rows)]);
    await load();
    expect(await counts()).toEqual(becomes);
    expect((await readControl(folder.control)).failures_settled.size).toBe(1);
  },
);

it.each(outcomes)('is $title once from sealed days and logs together', async ({ stamp, becomes }) => {
  await fail(stamp);
  await replay(await failedRows());
  await load();
  await engine.sealDays('2026-11-21');
  const again = await openDuckDb({ path: join(folder.root, 'again.duckdb'), folder: folder.store, threads: 2 });
  try {
    await again.restoreDays();
    await replay(await failedRows());
    await createLoader({ logs: folder.logs, engine: again, confirm: false }).drain();
    const sum =
      'SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM orders), (SELECT coalesce(sum(count), 0) FROM filtered)';
    expect((await again.query(sum)).rows[0]).toEqual(becomes);
  } finally {
    await again.close();
  }
});

it('writes nothing where it only tries, and where the event is stored already', async () => {
  await fail(STAMP);
  const rows = await failedRows();
  expect(await replay(rows, { dryRun: true })).toMatchObject([{ outcome: 'accepted' }]);
  expect(await replay(rows, { stored: async () => new Set([`shop ${ID}`]) })).toMatchObject([
    { outcome: 'already_stored' },
  ]);
  await load();
  expect(await counts()).toEqual([0, 0, 0]);
});

it('leaves alone an item whose visitor is not known, where somebody has withdrawn since', async () => {
  await fail(STAMP);
  const consentOf = () => ({ lastWithdrawnAt: Date.parse(AT) });
  expect(await replay(await failedRows(), { consentOf })).toMatchObject([
    { outcome: 'unreplayable', message: expect.stringContaining('names no visitor') },
  ]);
  await load();
  expect(await counts()).toEqual([0, 0, 0]);
  expect((await readControl(folder.control)).failures_settled.size).toBe(0);
});

it('goes on after an item that cannot take the repair, and tells of it', async () => {
  await fail(STAMP);
  const [row = {}] = await failedRows();
  const odd = { ...row, failed_id: 'odd', item: JSON.stringify({ ...ITEM, props: 'none' }) };
  expect(await replay([odd, row])).toMatchObject([
    {
      failed_id: 'odd',
      outcome: 'unreplayable',
      message: '--set props.currency=EUR: the item has nothing there to set it in',
    },
    { outcome: 'accepted' },
  ]);
  await load();
  expect(await counts()).toEqual([1, 1, 0]);
});

it.each([
  [{ site: 'gone' }, 'there is no site "gone" any more'],
  [{ stage: 'load' }, 'it is a row, not an item'],
  [{ item: '' }, 'its content was not kept'],
  [{ context: null }, 'an older version kept it without its consent'],
])('says why it cannot judge an item with %j, and leaves it', async (wrong, message) => {
  await fail(STAMP);
  const [row = {}] = await failedRows();
  expect(await replay([{ ...row, ...wrong }])).toMatchObject([
    { outcome: 'unreplayable', message: expect.stringContaining(message) },
  ]);
  expect((await readControl(folder.control)).failures_settled.size).toBe(0);
});
