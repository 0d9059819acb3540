import { access, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckDb } from './engines/duckdb.ts';
import type { Engine } from './engines/engine.ts';
import { DAY_MS, exampleEvent, exampleRecord, T0 } from './engines/example-chunks.ts';
import { createLoader } from './loader.ts';
import { openLog } from './log/append.ts';
import type { BadLine } from './log/read.ts';
import type { BatchRecord } from './log/record.ts';
import { maintain } from './maintain.ts';
import { isMissing, rebuild } from './rebuild.ts';

describe('a database made again', () => {
  let folder: string;
  let logs: string;
  let path: string;
  let filled: string | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parcours-rebuild-'));
    logs = join(folder, 'log');
    path = join(folder, 'test.duckdb');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  afterAll(async () => {
    if (filled !== undefined) await rm(filled, { recursive: true, force: true });
  });

  const open = (file = path): Promise<Engine> => openDuckDb({ path: file, folder, threads: 2 });
  const using = async <T>(use: (engine: Engine) => Promise<T>): Promise<T> => {
    const engine = await open();
    return await use(engine).finally(() => engine.close());
  };
  const write = async (name: string, records: readonly BatchRecord[]): Promise<void> => {
    const log = await openLog({ folder: join(logs, name) });
    for (const record of records) await log.append(JSON.stringify(record));
    await log.close();
  };
  const load = (engine: Engine): Promise<void> => createLoader({ logs, engine }).drain();
  const remake = () => rebuild({ path, logs, open, now: T0 });
  const contents = (): Promise<unknown> =>
    using(async (engine) => {
      const all: Record<string, unknown> = { positions: await engine.positions() };
      for (const table of ['events', 'failed', 'filtered', 'dropped'])
        all[table] = (await engine.query(`SELECT * FROM ${table} ORDER BY ALL`)).rows;
      return all;
    });

  const day = (n: number, first: number, more: Partial<BatchRecord> = {}): BatchRecord =>
    exampleRecord([exampleEvent(first), exampleEvent(first + 1)], {
      at: T0 + n * DAY_MS,
      failed: [{ stage: 'validate', code: 'c', path: '', message: 'm', item: '{}' }],
      filtered: [{ type: 't', code: 'consent_denied', count: n + 1 }],
      dropped: [{ code: 'queue_full', count: 1 }],
      ...more,
    });

  /** As `fillAnew` leaves it, which only the first of all calls does: the others copy what that one left. */
  async function fill(): Promise<void> {
    if (filled === undefined) {
      await fillAnew();
      filled = await mkdtemp(join(tmpdir(), 'parcours-rebuild-filled-'));
      await cp(folder, filled, { recursive: true });
    } else await cp(filled, folder, { recursive: true });
  }

  /** Days 0 and 1 sealed, a late record for day 0 and a duplicate across days after it, day 2 open. */
  async function fillAnew(): Promise<void> {
    await write('collector-0', [day(0, 0), day(0, 2, { site: 'shop/../de' }), day(1, 4)]);
    await using(async (engine) => {
      await load(engine);
      await engine.sealDays('2026-11-22');
    });
    await write('collector-0', [day(0, 6), day(2, 0), day(2, 8)]);
    await write('collector-1', [day(2, 10)]);
    await using(load);
  }

  it('tells of each line of the log that holds no record, and takes its neighbours', async () => {
    await write('collector-0', [day(0, 0), day(0, 2)]);
    const log = join(logs, 'collector-0');
    const [segment = ''] = await readdir(log);
    const bytes = await readFile(join(log, segment));
    bytes[40]! ^= 1;
    await writeFile(join(log, segment), bytes);
    const told: string[] = [];
    const onBad = (name: string, { offset, reason }: BadLine) => void told.push(`${name} ${offset} ${reason}`);
    expect(await rebuild({ path, logs, open, now: T0, onBad })).toMatchObject({ loadedRows: 2, badLines: 1 });
    expect(told).toEqual(['collector-0 0 checksum']);
  });

  it.each<[string, () => Promise<void>]>([
    ['truncated', () => truncate(path, 10_000)],
    ['overwritten', async () => writeFile(path, (await readFile(path)).fill(7, 0, 12_288))],
    ['removed', () => rm(path)],
  ])('has the same rows and positions after its file was %s', async (how, damage) => {
    await fill();
    const before = await contents();
    expect((before as { events: unknown[] }).events).toHaveLength(12);
    await damage();
    const rebuilt = await remake();
    expect(await contents()).toEqual(before);
    expect(rebuilt).toMatchObject({ restoredRows: 6, loadedRows: 6 });
    if (how !== 'removed') await access(rebuilt.movedAside!);
    expect((await readdir(folder)).filter((name) => name.includes('rebuilding'))).toEqual([]);
  });

  it('rests on sealed days alone once the log has let its segments go', async () => {
    await fill();
    await using((engine) => engine.sealDays('2026-12-01'));
    const before = (await contents()) as Record<string, unknown>;
    await rm(logs, { recursive: true });
    await remake();
    expect(await contents()).toEqual({ ...before, positions: [] });
  });

  it('brings no failure back that was settled or purged, from sealed days nor from logs', async () => {
    await fill();
    const failed = () =>
      using(async (engine) => (await engine.query('SELECT site, failed_id FROM failed ORDER BY ALL')).rows);
    const all = await failed();
    const settled = [String(all[0]![1])];
    const rest = all.filter(([, id]) => id !== settled[0]);
    await rebuild({ path, logs, open, now: T0, settled });
    expect(await failed()).toEqual(rest);
    const purged = [{ before: new Date(T0 + DAY_MS).toISOString(), site: 'shop/../de' }];
    await rebuild({ path, logs, open, now: T0 + 1, settled, purged });
    expect(await failed()).toEqual(rest.filter(([site]) => site !== 'shop/../de'));
    expect(rest.some(([site]) => site === 'shop/../de')).toBe(true);
  });

  it('leaves duplicates out across sealed days and the log', async () => {
    await fill();
    await remake();
    await write('collector-2', [day(2, 0), day(2, 6)]);
    await using(load);
    const count = await using((engine) =>
      engine.query('SELECT count(*), count(DISTINCT (site, event_id)) FROM events'),
    );
    expect(count.rows).toEqual([[12, 12]]);
  });

  it('is not begun quietly where the file is gone and sealed days are there', async () => {
    expect(await isMissing({ path, folder })).toBe(false);
    await fill();
    expect(await isMissing({ path, folder })).toBe(false);
    await rm(path);
    expect(await isMissing({ path, folder })).toBe(true);
  });

  it('is made again over what an interrupted rebuild left', async () => {
    await fill();
    const before = await contents();
    await writeFile(`${path}.rebuilding`, 'half');
    await writeFile(`${path}.rebuilding.wal`, 'half');
    await remake();
    expect(await contents()).toEqual(before);
  });

  it('seals and lets go of segments by age, never one that is not loaded', async () => {
    await fill();
    await write('unread', [day(0, 90)]);
    await write('unread', [day(0, 92)]);
    const far = Date.now() + 30 * DAY_MS;
    const { sealed, removedSegments } = await using((engine) => maintain({ engine, logs, now: far }));
    // Of day 0 once more, for its late record, and of day 2; day 1 was sealed before.
    expect(sealed.map(({ site, day: of }) => `${site} ${of}`).sort()).toEqual([
      'shop-fr 2026-11-20',
      'shop-fr 2026-11-22',
    ]);
    expect(removedSegments).toHaveLength(1);
    expect(removedSegments[0]).toMatch(/^collector-0\//);
    const kept = await using((engine) => maintain({ engine, logs, now: far }));
    expect(kept).toEqual({ sealed: [], removedSegments: [] });
  });

  it('lets go of the whole log of one run once it is old and loaded to its end, and of no other log', async () => {
    await write('replay-1', [day(0, 0)]);
    await using(load);
    await write('collector-0', [day(0, 2)]);
    await write('replay-2', [day(0, 4)]);
    const [far, near] = [8, 6].map((days) => Date.now() + days * DAY_MS);
    const removed = (now: number) =>
      using(async (engine) =>
        (await maintain({ engine, logs, now })).removedSegments.map((name) => name.split('/')[0]),
      );
    expect(await removed(near!)).toEqual([]);
    expect(await removed(far!)).toEqual(['replay-1']);
    await using(load);
    expect(await removed(far!)).toEqual(['replay-2']);
    expect(await readdir(logs)).toEqual(['collector-0']);
    expect(await removed(far!)).toEqual([]);
    const rows = () => using(async (engine) => (await engine.query('SELECT count(*) FROM events')).rows);
    expect(await rows()).toEqual([[6]]);
    await remake();
    expect(await rows()).toEqual([[6]]);
  });

  it('brings back nothing that age took, whether its day was sealed anew by then or not', async () => {
    await fill();
    const expiry = { site: 'shop-fr', class: 'events', before: '2026-11-22' } as const;
    const left = () =>
      using(async (engine) => (await engine.query('SELECT site, received_at::DATE FROM events ORDER BY ALL')).rows);
    const before = await left();
    const survivors = before.filter(([site, day]) => site !== 'shop-fr' || String(day) >= '2026-11-22');
    expect(survivors.length).toBeLessThan(before.length);
    // Killed between the tables and the files.
    await using((engine) => engine.expire(expiry));
    await rm(path);
    await rebuild({ path, logs, open, now: T0, expired: [expiry] });
    expect(await left()).toEqual(survivors);
    await using((engine) => engine.sealDays('2026-12-01'));
    await rm(logs, { recursive: true });
    await rm(path);
    await rebuild({ path, logs, open, now: T0 });
    expect(await left()).toEqual(survivors);
  });

  it('removes nothing from the log where a day cannot be sealed', async () => {
    await fill();
    await write('collector-0', [day(2, 100)]);
    const before = await readdir(join(logs, 'collector-0'));
    // A file where the site's folder would be: COPY has nowhere to write.
    await rm(join(folder, 'days', 'shop-fr'), { recursive: true });
    await writeFile(join(folder, 'days', 'shop-fr'), '');
    const far = Date.now() + 30 * DAY_MS;
    await expect(using((engine) => maintain({ engine, logs, now: far }))).rejects.toThrow();
    expect(await readdir(join(logs, 'collector-0'))).toEqual(before);
  });
});
