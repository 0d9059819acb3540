import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPORT_NAMES, type ExportFormat, type ExportRequest } from '../../export/export.ts';
import { openDuckDb } from '../duckdb.ts';
import type { Engine } from '../engine.ts';
import { DAY_MS, eventId, exampleChunk, exampleEvent, exampleRecord, T0 } from '../example-chunks.ts';

let folder: string;
let engine: Engine;
const HUGE = Number.MAX_SAFE_INTEGER;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-out-'));
  engine = await openDuckDb({ path: join(folder, 'p.duckdb'), folder, threads: 2 });
  const records = [
    exampleRecord([exampleEvent(1, { title: '=HYPERLINK("x")' }), exampleEvent(2, { title: '', props: { n: 1 } })]),
    exampleRecord(
      [exampleEvent(3, { type: 'purchase', order_id: '-7', amount_minor: -500, currency: 'EUR', title: 'é,"' })],
      { at: T0 + DAY_MS, site: 'shop-de' },
    ),
    exampleRecord([exampleEvent(4, { type: 'purchase', order_id: 'W-8', amount_minor: HUGE, currency: 'EUR' })], {
      at: T0 + 2 * DAY_MS,
      failed: [{ stage: 'validate', code: 'c', path: 'p', message: 'm', item: '{"a":1}' }],
      filtered: [{ type: 't', code: 'consent_denied', count: 2 }],
      dropped: [{ code: 'queue_full', count: 1 }],
      exempted: Array.from({ length: 30 }, (_, n) => ({
        event_id: eventId(500 + n),
        ...{ type: 'page_view', occurred_at: new Date(T0).toISOString(), path: '/boots', bot: false },
      })),
    }),
  ];
  await engine.load(exampleChunk(records));
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function taken(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** Rows of an export as another DuckDB, which knows nothing of ours, reads the file. */
async function readBack(request: ExportRequest): Promise<{ rows: number; read: Record<string, unknown>[] }> {
  const exported = await engine.exportRows(request);
  const path = join(folder, `export.${request.format}`);
  await writeFile(path, await taken(exported.pieces));
  const readers: Record<ExportFormat, string> = {
    parquet: `read_parquet('${path}')`,
    csv: `read_csv('${path}', all_varchar = true, header = true)`,
    ndjson: `read_json('${path}', format = 'newline_delimited')`,
  };
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(`SELECT * FROM ${readers[request.format]}`);
  const read = result.getRowObjectsJson() as Record<string, unknown>[];
  connection.closeSync();
  instance.closeSync();
  return { rows: exported.rows, read };
}

describe('an export', () => {
  const FORMATS: readonly ExportFormat[] = ['parquet', 'csv', 'ndjson'];
  it.each(EXPORT_NAMES.flatMap((table) => FORMATS.map((format) => ({ table, format }))))(
    'of $table as $format has all its rows and columns',
    async ({ table, format }) => {
      const { rows, read } = await readBack({ table, format });
      const { columns, rows: expected } = await engine.query(`SELECT * FROM ${table}`);
      expect([rows, read.length]).toEqual([expected.length, expected.length]);
      expect(Object.keys(read[0] ?? {})).toEqual(columns.map(({ name }) => name));
    },
  );

  it('writes CSV that no spreadsheet runs, with numbers as numbers', async () => {
    const columns = ['title', 'order_id', 'amount_minor', 'occurred_at', 'purposes', 'props'];
    const { pieces } = await engine.exportRows({ table: 'events', format: 'csv', columns, bom: true });
    expect((await taken(pieces)).toString().split('\r\n')).toEqual([
      '\ufefftitle,order_id,amount_minor,occurred_at,purposes,props',
      `"'=HYPERLINK(""x"")",,,2026-11-20T10:00:00.001Z,"[""audience""]","{""n"":1,""nested"":{""list"":[1,{""deep"":[null,true,""it's""]}]}}"`,
      `"",,,2026-11-20T10:00:00.002Z,"[""audience""]","{""n"":1}"`,
      expect.stringMatching(/^"é,""",'-7,-500,/),
      expect.stringMatching(/^,W-8,9007199254740991,/),
      '',
    ]);
  });

  it('writes NDJSON with JSON as objects, lists as lists, times as RFC 3339', async () => {
    const { pieces } = await engine.exportRows({
      table: 'events',
      format: 'ndjson',
      columns: ['occurred_at', 'purposes', 'props', 'keys', 'amount_minor', 'bot'],
      to: T0 + 1,
    });
    const lines = (await taken(pieces)).toString().trimEnd().split('\n');
    expect(JSON.parse(lines[1] as string)).toEqual({
      occurred_at: '2026-11-20T10:00:00.002Z',
      purposes: ['audience'],
      props: { n: 1 },
      keys: null,
      amount_minor: null,
      bot: false,
    });
  });

  it('tells a number that a double cannot hold as text', async () => {
    const huge = exampleEvent(9, { type: 'huge', amount_minor: HUGE });
    const json = JSON.stringify(exampleRecord([huge], { site: 'huge' })).replace(String(HUGE), '9007199254740993');
    await engine.load(exampleChunk([json], { segment: 1_800_000_000_000 }));
    const asked = { table: 'events', format: 'ndjson', columns: ['amount_minor'], site: 'huge' } as const;
    expect((await taken((await engine.exportRows(asked)).pieces)).toString()).toBe(
      '{"amount_minor":"9007199254740993"}\n',
    );
  });

  it.each([
    [{ site: 'shop-de' }, 1],
    [{ site: "x' OR 1=1 --" }, 0],
    [{ from: T0 + DAY_MS }, 2],
    [{ from: T0 + DAY_MS, to: T0 + 2 * DAY_MS }, 1],
    [{ to: T0 }, 0],
  ])('takes only the rows asked for: %j', async (some, count) => {
    for (const format of FORMATS) {
      const { rows, pieces } = await engine.exportRows({ table: 'events', format, columns: ['seq', 'site'], ...some });
      await taken(pieces);
      // The row of the huge number has the first day's time.
      expect(rows).toBe(count);
    }
  });

  it.each([
    [{ table: 'positions' }, /there is no "positions"/],
    [{ table: 'events; DROP TABLE events' }, /there is no/],
    [{ table: 'events', columns: ['seq, (SELECT 1)'] }, /has no column/],
    [{ table: 'orders', columns: ['props'] }, /orders has no column "props"; it has site, /],
    [{ table: 'events', columns: [] }, /no column is asked for/],
  ])('refuses %j', async (request, message) => {
    const refused = engine.exportRows({ format: 'csv', ...request } as ExportRequest);
    await expect(refused).rejects.toThrow(message);
  });

  it('leaves nothing behind when it is done, refused, let go of, or called off', async () => {
    const outgoing = () => readdir(join(folder, 'out', 'p.duckdb'));
    const asked = { table: 'events', format: 'parquet' } as const;
    await taken((await engine.exportRows(asked)).pieces);
    const begun = await engine.exportRows(asked);
    await expect(engine.exportRows(asked)).rejects.toMatchObject({ code: 'busy' });
    await expect(engine.snapshot()).rejects.toMatchObject({ code: 'busy' });
    // Let go of before its first piece.
    await begun.pieces[Symbol.asyncIterator]().return?.();
    expect(await outgoing()).toEqual([]);
    for await (const _piece of (await engine.exportRows(asked)).pieces) break;
    const caller = new AbortController();
    await engine.exportRows(asked, caller.signal);
    caller.abort();
    // Nobody reads it, and nobody has to.
    await expect.poll(outgoing).toEqual([]);
    await expect(engine.exportRows(asked, AbortSignal.abort())).rejects.toMatchObject({ code: 'timeout' });
    await taken((await engine.exportRows(asked)).pieces);
  });
});

describe('a snapshot', () => {
  it('opens in a plain client, with all tables, the views, and the rows of one moment', async () => {
    const { pieces, bytes } = await engine.snapshot();
    await engine.load(exampleChunk([exampleRecord([exampleEvent(99)])], { segment: 1_900_000_000_000 }));
    const path = join(folder, 'snapshot.duckdb');
    await writeFile(path, await taken(pieces));
    const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
    const connection = await instance.connect();
    for (const table of EXPORT_NAMES) {
      const all = (await engine.query(`SELECT * FROM ${table}`)).rows.length;
      const copied = await connection.runAndReadAll(`SELECT * FROM ${table}`);
      expect([table, copied.currentRowCount]).toEqual([table, table === 'events' ? all - 1 : all]);
    }
    // Rows that nobody is shown are not in it either; what may be told of them is.
    expect((await connection.runAndReadAll('SELECT * FROM exempt')).currentRowCount).toBe(0);
    expect((await connection.runAndReadAll('SELECT * FROM exempt_counts')).currentRowCount).toBeGreaterThan(0);
    connection.closeSync();
    instance.closeSync();
    expect(bytes).toBeGreaterThan(10_000);
    expect(await readdir(join(folder, 'out', 'p.duckdb'))).toEqual([]);
  });

  it('cannot be asked about: the copy in the making is no table of an operator', async () => {
    await expect(engine.query('SELECT * FROM outgoing_copy.events')).rejects.toMatchObject({ code: 'forbidden' });
  });
});
