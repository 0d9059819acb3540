import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openLog } from '@parcours/store/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent, postEvents } from '../support/batch.ts';
import { BIN, type Child, startChild } from '../support/child.ts';
import { runParcours } from '../support/command.ts';
import { until } from '../support/processes.ts';
import { askProgram, rowsWhen } from '../support/reader.ts';
import { serve } from '../support/serve.ts';

/** Rows and whole databases leave a data folder, with the program running on it and without. */

const RECORDS = 40;
const EVENTS = 500;
/** The rows of the tests were received before; what comes while they run is not counted. */
const BEFORE = new Date(Date.now() - 60_000).toISOString();

let folder: string;
let data: string;
let child: Child;
let collector: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-export-'));
  data = join(folder, 'data');
  await writeFile(join(folder, 'config.json'), JSON.stringify({ sites: [{ id: 'shop', keys: ['pk_demo'] }] }));
  const log = await openLog({ folder: join(data, 'log', 'import') });
  for (let n = 0; n < RECORDS; n++) await log.append(JSON.stringify(aRecord(n)));
  await log.close();
  ({ child, collector } = await serve({ data, config: join(folder, 'config.json') }));
  await rowsWhen(
    () => askProgram('SELECT count(*) AS n FROM events', { data }),
    ([row]) => row?.n === RECORDS * EVENTS,
  );
});
afterAll(async () => {
  await child?.stop();
  await rm(folder, { recursive: true, force: true });
});

function aRecord(n: number): object {
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const id = (i: number): string => `${String(n).padStart(8, '0')}-0000-7000-8000-${String(i).padStart(12, '0')}`;
  return {
    ...{ v: 1, kind: 'batch', site: 'shop', source: 'web', received_at: at, sent_at: at, sdk: 'test' },
    client: { bot: false },
    stamps: [{ purposes: ['audience'], source: 'manual', at }],
    events: Array.from({ length: EVENTS }, (_, i) => ({
      ...{ event_id: id(i), type: i === 0 ? 'purchase' : 'page_view', occurred_at: at, stamp: 0, seq: i },
      ...(i === 0 && { order_id: `W-${n}`, amount_minor: 100 + n, currency: 'EUR' }),
      title: i % 2 ? '=1+1' : 'Boots, "large"',
      props: { n, text: 'é'.repeat(50) },
    })),
  };
}

const parcours = (...args: string[]) => runParcours([...args, '--data', data], { cwd: folder });

/** A query over a file, by a DuckDB that knows nothing of ours. */
async function ask(sql: string, path = ':memory:'): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(path, path === ':memory:' ? {} : { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(sql);
  const [row = []] = result.getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return row;
}

/** What every way of it must answer. */
const EXPECTED = [String(RECORDS * EVENTS), String(RECORDS * EVENTS), String((RECORDS * (199 + RECORDS)) / 2)];
const SUMS = 'count(*)::VARCHAR, count(DISTINCT event_id)::VARCHAR, sum(amount_minor::BIGINT)::VARCHAR';

describe.each(['while the program runs', 'when nothing runs'])('%s', (when) => {
  const suffix = when === 'when nothing runs' ? '-still' : '';
  beforeAll(async () => {
    if (when === 'when nothing runs') await child.stop();
  });

  it.each([
    ['parquet', (path: string) => `read_parquet('${path}')`],
    ['csv', (path: string) => `read_csv('${path}', all_varchar = true)`],
    ['ndjson', (path: string) => `read_json('${path}')`],
  ])('exports all rows as %s to a new file for its owner alone', async (format, reader) => {
    const out = join(folder, `events${suffix}.${format}`);
    const { code, stdout, stderr } = await parcours(
      'export',
      'events',
      '--format',
      format,
      '--out',
      out,
      '--to',
      BEFORE,
      '--json',
    );
    expect([code, stderr]).toEqual([0, '']);
    const { size, mode } = await stat(out);
    expect(JSON.parse(stdout)).toMatchObject({ table: 'events', rows: RECORDS * EVENTS, bytes: size, file: out });
    expect(mode & 0o777).toBe(0o600);
    expect(await ask(`SELECT ${SUMS} FROM ${reader(out)}`)).toEqual(EXPECTED);
    expect((await parcours('export', 'events', '--format', format, '--out', out)).stderr).toMatch(/is there already/);
  });

  it('writes to standard output, and the summary beside it', async () => {
    const args = ['export', 'orders', '--format', 'csv', '--bom', '--columns', 'order_id, amount_minor'];
    const { stdout, stderr } = await parcours(...args);
    const lines = stdout.split('\r\n');
    expect(lines.slice(0, 1)).toEqual(['\ufefforder_id,amount_minor']);
    expect(lines.slice(1).sort().slice(1, 3)).toEqual(['W-0,100', 'W-1,101']);
    expect(stderr).toMatch(new RegExp(`^${RECORDS} rows of orders, \\d`));
  });

  it.each([
    [['positions', '--format', 'csv'], /table: must be one of events, /],
    [['events', '--format', 'xlsx'], /format: must be one of parquet, csv, ndjson/],
    [['events', '--format', 'csv', '--columns', 'seq;DROP TABLE events'], /columns\.0: events has no column/],
    [['events', '--format', 'csv', '--from', 'yesterday'], /from: must be a day/],
    [['events', '--format', 'csv', '--to', '2026-02-30'], /to: must be a day/],
  ])('refuses %j in one line', async (args, message) => {
    const { code, stdout, stderr } = await parcours('export', ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('takes a snapshot that a plain client opens, with tables and views', async () => {
    const file = join(folder, `copy${suffix}.duckdb`);
    const { code, stdout, stderr } = await parcours('snapshot', file, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const { size, mode } = await stat(file);
    expect(JSON.parse(stdout)).toMatchObject({ file, bytes: size });
    expect(mode & 0o777).toBe(0o600);
    expect(await ask(`SELECT ${SUMS} FROM events WHERE type <> 'meanwhile'`, file)).toEqual(EXPECTED);
    expect(await ask('SELECT count(*)::VARCHAR FROM orders', file)).toEqual([String(RECORDS)]);
    expect(await readdir(join(data, 'store', 'out', 'parcours.duckdb'))).toEqual([]);
    expect((await parcours('snapshot', file)).stderr).toMatch(/is there already/);
  });

  if (when === 'when nothing runs') return;

  it('ends the query when its client goes, and lets the next one in', async () => {
    const args = `export events --format ndjson --data ${data}`;
    const cut = startChild('sh', ['-c', `node ${BIN} ${args} | head -c 100000 > /dev/null`]);
    await cut.ended;
    expect(cut.output()).toContain('stopped before their end');
    const again = async (): Promise<boolean> => (await parcours('export', 'dropped', '--format', 'csv')).code === 0;
    await until(again, 'another export is let in');
  });

  it('leaves events to be loaded and queries to be answered meanwhile', async () => {
    const running = parcours('snapshot', join(folder, 'meanwhile.duckdb'));
    const event = anEvent({ type: 'meanwhile' });
    await postEvents(collector, [event]);
    await rowsWhen(
      () => askProgram("SELECT 1 FROM events WHERE type = 'meanwhile'", { data }),
      (rows) => rows.length === 1,
    );
    expect((await running).code).toBe(0);
  });
});
