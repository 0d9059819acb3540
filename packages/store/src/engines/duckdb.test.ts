import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TABLES } from '../tables/tables.ts';
import { engineContract } from './contract.ts';
import { startChild } from './contract-child.ts';
import { openDuckDb } from './duckdb.ts';
import type { Engine } from './engine.ts';
import { eraseVisitor, exampleChunk, exampleEvent, exampleRecord, T0 } from './example-chunks.ts';

const openIn = (folder: string): Promise<Engine> =>
  openDuckDb({ path: join(folder, 'test.duckdb'), folder, threads: 2, memoryLimit: '256MB' });

engineContract('duckdb', { open: openIn, child: new URL('./duckdb.child.ts', import.meta.url) });

describe('duckdb', () => {
  let folder: string;
  let engine: Engine | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parcours-duckdb-'));
  });
  afterEach(async () => {
    await engine?.close();
    engine = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const values = async (sql: string): Promise<unknown[]> => (await engine!.query(sql)).rows.map(([value]) => value);

  it('adds the columns that an older file lacks, and keeps its rows', async () => {
    const older = await DuckDBInstance.create(join(folder, 'test.duckdb'));
    const connection = await older.connect();
    await connection.run(
      `CREATE TABLE events (event_id UUID NOT NULL, site VARCHAR NOT NULL, type VARCHAR NOT NULL, received_at TIMESTAMP NOT NULL)`,
    );
    await connection.run(`INSERT INTO events VALUES (uuid(), 'shop-fr', 'page_view', '2026-11-19')`);
    connection.closeSync();
    older.closeSync();
    engine = await openIn(folder);
    await engine.load(exampleChunk([exampleRecord([exampleEvent(1)])]));
    expect(await values('SELECT channel FROM events ORDER BY received_at')).toEqual([null, null]);
    const columns = await values("SELECT column_name FROM information_schema.columns WHERE table_name = 'events'");
    expect([...columns].sort()).toEqual(TABLES.events.map(({ name }) => name).sort());
  });

  it('says that a file is in use by another process', async () => {
    const child = await startChild(new URL('./duckdb.child.ts', import.meta.url), [folder]);
    await child.told(1);
    const spilled = join(folder, 'spill', 'test.duckdb', 'duckdb_temp_storage_DEFAULT-0.tmp');
    await writeFile(spilled, 'rows');
    await expect(openIn(folder)).rejects.toMatchObject({ name: 'EngineOpenError', code: 'locked' });
    expect(await readFile(spilled, 'utf8')).toBe('rows');
    child.kill();
    await child.ended;
  });

  it('takes away what a process had spilled when it was killed', async () => {
    const spill = join(folder, 'spill', 'test.duckdb');
    const child = await startChild(new URL('./duckdb.child.ts', import.meta.url), [folder, 'spill']);
    await expect.poll(() => readdir(spill).catch(() => []), { timeout: 20_000 }).not.toEqual([]);
    child.kill();
    await child.ended;
    expect(await readdir(spill)).not.toEqual([]);
    engine = await openIn(folder);
    expect(await readdir(spill)).toEqual([]);
  });

  it('says that a file is damaged', async () => {
    engine = await openIn(folder);
    await engine.load(exampleChunk([exampleRecord([exampleEvent(1)])]));
    await engine.close();
    const path = join(folder, 'test.duckdb');
    await writeFile(path, (await readFile(path)).fill(0xff, 0, 8192));
    engine = undefined;
    await expect(openIn(folder)).rejects.toMatchObject({ name: 'EngineOpenError', code: 'unreadable' });
  });

  it('leaves no file of a load behind, nor one of a killed process', async () => {
    const staging = join(folder, 'staging', 'test.duckdb');
    engine = await openIn(folder);
    await writeFile(join(staging, 'left.ndjson'), 'personal data');
    await engine.close();
    engine = await openIn(folder);
    await engine.load(exampleChunk([exampleRecord([exampleEvent(1)]), 'garbage']));
    expect(await readdir(staging)).toEqual([]);
  });

  it('loses and doubles nothing when killed between any two statements of a load', async () => {
    const child = new URL('./duckdb.child.ts', import.meta.url);
    let signal: NodeJS.Signals | null = 'SIGKILL';
    let statement = 0;
    for (; signal !== null; statement++) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      signal = await (await startChild(child, [folder, String(statement + 1)])).ended;
      engine = await openIn(folder);
      const [position] = await engine.positions();
      expect(position!.segment).toBe(signal === null ? 3 : 2);
      expect(await values('SELECT seq FROM events ORDER BY seq')).toHaveLength(position!.segment * 10);
      expect(await values('SELECT loads FROM sealed_days')).toEqual([position!.segment]);
      await engine.close();
    }
    expect(statement).toBeGreaterThan(6);
  }, 60_000);

  it.each(['DELETE FROM "events"', 'COMMIT', 'COPY', 'UPDATE sealed_days SET sealed_loads'])(
    'ends an erasure at its next opening that was killed before %s',
    { timeout: 60_000 },
    async (statement) => {
      const child = new URL('./erase.child.ts', import.meta.url);
      const signal = await (await startChild(child, [folder, statement])).ended;
      expect(signal).toBe('SIGKILL');
      engine = await openIn(folder);
      // All of it or none: a note of the erasure is there only where its rows are gone and their days wait to be sealed.
      const isNoted = (await values('FROM erasures')).length > 0;
      expect(await values("SELECT count(*) FROM events WHERE visitor_id = 'v-1'")).toEqual([isNoted ? 0 : 2]);
      // As whoever opens the engine does with each tombstone, and the hour with what is to be sealed.
      await engine.eraseSubjects(eraseVisitor('v-1'));
      expect(await values('SELECT visitor_id FROM events')).toEqual(['v-2', 'v-2']);
      expect(await engine.daysToSeal('2026-11-30')).toBe(2);
      await engine.sealDays('2026-11-30');
      expect(await engine.sealDays('2026-11-30')).toEqual([]);
      await engine.close();
      // The sealed files alone, as a rebuild reads them.
      await rm(join(folder, 'test.duckdb'));
      engine = await openIn(folder);
      await engine.restoreDays();
      expect(await values('SELECT visitor_id FROM events')).toEqual(['v-2', 'v-2']);
    },
  );

  it('seals a day in row groups that are cheap to write', async () => {
    engine = await openIn(folder);
    const records = Array.from({ length: 400 }, (_, n) =>
      exampleRecord(Array.from({ length: 100 }, (_, seq) => exampleEvent(n * 100 + seq))),
    );
    await engine.load(exampleChunk(records));
    const [{ path } = { path: '' }] = await engine.sealDays('2026-11-30');
    const plain = await DuckDBInstance.create(':memory:');
    const client = await plain.connect();
    const groups = await client.runAndReadAll(`SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${path}')`);
    expect(groups.getRowsJson()).toEqual([['2']]);
    client.closeSync();
    plain.closeSync();
  });

  it('writes a large load once, to the file itself, also where some of it came before', async () => {
    engine = await openIn(folder);
    const records = Array.from({ length: 400 }, (_, n) =>
      exampleRecord(Array.from({ length: 100 }, (_, seq) => exampleEvent(n * 100 + seq))),
    );
    expect(await engine.load(exampleChunk([...records, records[0]!]))).toMatchObject({
      loaded: 40_000,
      duplicates: 100,
    });
    // What does not fill a row group goes by the write-ahead log: less than a quarter of these.
    const size = async (name: string): Promise<number> => (await stat(join(folder, name))).size;
    expect(await size('test.duckdb.wal')).toBeLessThan((await size('test.duckdb')) / 2);
  });

  it('gives values that JSON holds', async () => {
    engine = await openIn(folder);
    const { rows } = await engine.query(`
      SELECT 9007199254740993::BIGINT, 12::HUGEINT, 1.50::DECIMAL(9,2), 123456789012345678.5::DECIMAL(20,1), 'nan'::DOUBLE,
        TIMESTAMP '2026-01-02 03:04:05.006007', TIMESTAMPTZ '2026-01-02 03:04:05.006+00', DATE '2026-01-02', 'infinity'::TIMESTAMP,
        [1::BIGINT, NULL], {'a': 1::BIGINT, 'b': [TIMESTAMP '2026-01-01']}, MAP {'k': 2::BIGINT}, '{"x":1}'::JSON, NULL`);
    expect(rows[0]).toEqual([
      '9007199254740993',
      12,
      1.5,
      '123456789012345678.5',
      'NaN',
      '2026-01-02T03:04:05.006007Z',
      '2026-01-02T03:04:05.006Z',
      '2026-01-02',
      'infinity',
      [1, null],
      { a: 1, b: ['2026-01-01T00:00:00.000Z'] },
      [{ key: 'k', value: 2 }],
      '{"x":1}',
      null,
    ]);
  });

  it('ends a query that needs more memory than there is, and goes on', async () => {
    engine = await openIn(folder);
    const hungry = engine.query('SELECT list(x) FROM range(1000000000) t(x)');
    await expect(hungry).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(await values('SELECT 1')).toEqual([1]);
  });

  it('spills what does not fit to the disk, within its own folder', async () => {
    engine = await openDuckDb({ path: join(folder, 'test.duckdb'), folder, threads: 2, memoryLimit: '64MB' });
    const sql = 'SELECT count(*) FROM (SELECT x, count(*) FROM range(4000000) t(x) GROUP BY x)';
    expect(await values(sql)).toEqual([4_000_000]);
  });

  it('streams: the first rows of an endless result come at once', async () => {
    engine = await openIn(folder);
    const result = await engine.query('SELECT * FROM range(1000000000000)', { maxRows: 3, timeoutMs: 20_000 });
    expect(result).toMatchObject({ rows: [[0], [1], [2]], truncated: true });
  });

  it('loads while queries wait for their turn', async () => {
    engine = await openIn(folder);
    const slow = Array.from({ length: 5 }, () =>
      engine!
        .query('SELECT count(*) FROM range(1000000000000) a, range(1000000) b', { timeoutMs: 300 })
        .catch((e) => e.code),
    );
    expect(await engine.load(exampleChunk([exampleRecord([exampleEvent(1)])]))).toMatchObject({ loaded: 1 });
    expect(await Promise.all(slow)).toEqual(Array(5).fill('timeout'));
  });

  it('ends queries that run or wait when it closes', async () => {
    engine = await openIn(folder);
    const endless = Array.from({ length: 3 }, () =>
      engine!.query('SELECT count(*) FROM range(1000000000000) a, range(1000000) b').catch((error) => error.message),
    );
    await engine.close();
    engine = undefined;
    expect(await Promise.all(endless)).toEqual(Array(3).fill('the engine is closing'));
  });

  it('compares times with now() in UTC, wherever the machine stands', async () => {
    engine = await openIn(folder);
    await engine.load(exampleChunk([exampleRecord([exampleEvent(1)], { at: Date.now() - 1_800_000 })]));
    expect(await values('SELECT count(*) FROM events WHERE received_at > now() - INTERVAL 1 HOUR')).toEqual([1]);
    expect(await values('SELECT count(*) FROM events WHERE received_at > now() - INTERVAL 15 MINUTE')).toEqual([0]);
  });

  it('tells a failure the same id on every load of the same record', async () => {
    const failed = [{ stage: 'validate', code: 'c', path: '', message: 'm', item: '{}' }] as const;
    const chunk = exampleChunk([exampleRecord([], { failed, at: T0 })]);
    engine = await openIn(folder);
    await engine.load(chunk);
    const first = await values('SELECT failed_id FROM failed');
    await engine.close();
    await rm(join(folder, 'test.duckdb'));
    engine = await openIn(folder);
    await engine.load(chunk);
    expect(await values('SELECT failed_id FROM failed')).toEqual(first);
  });

  it('refuses a folder that SQL would take for a pattern', async () => {
    await expect(openDuckDb({ path: join(folder, 'x'), folder: `${folder}/a*` })).rejects.toThrow(/option "folder"/);
  });
});
