import type { DuckDBConnection } from '@duckdb/node-api';
import type { LoadChunk, LoadResult } from '../engine.ts';
import { examine } from './careful.ts';
import {
  deleteDuplicates,
  insertCareful,
  insertEvents,
  insertOutcomes,
  isNew,
  type Place,
  ROW_IS_WHOLE,
  readCarefully,
  touchedDays,
} from './load-sql.ts';
import { recordLine, type Staging, valueLine } from './staging.ts';
import { transaction } from './transaction.ts';

/** Ends the keys `"failed":[`, `"filtered":[` and `"dropped":[`, and little else: most records have none of them. */
const OUTCOME_MARK = Buffer.from('ed":[');

interface Source {
  readonly connection: DuckDBConnection;
  readonly staging: Staging;
  readonly chunk: LoadChunk;
  readonly place: Place;
}

/**
 * Loads a chunk's records from an offset on, in one transaction with the position. First as a whole, by DuckDB alone;
 * where that stumbles over what a record holds, again with each event tried by itself, so that only what cannot be read
 * is set aside.
 */
export async function loadChunk(source: Source): Promise<LoadResult> {
  try {
    return await loadWhole(source);
  } catch (error) {
    if (!isAboutData(error)) throw error;
    return await loadCarefully(source);
  }
}

async function loadWhole({ connection, staging, chunk, place }: Source): Promise<LoadResult> {
  const events: Uint8Array[] = [];
  const outcomes: Uint8Array[] = [];
  chunk.records.forEach((record, index) => {
    const offset = chunk.offsets[index]!;
    if (offset < place.from) return;
    const line = recordLine(offset, record);
    events.push(...line);
    if (view(record).includes(OUTCOME_MARK)) outcomes.push(...line);
  });
  return await transaction(connection, async () => {
    const inserted =
      events.length === 0 ? 0 : await staging.with(events, (path) => changed(connection, insertEvents(path, place)));
    const failed = await addOutcomes({ connection, staging, chunk, place }, outcomes);
    const duplicates = await finish(connection, chunk, place);
    return { loaded: inserted - duplicates, duplicates, failed, unreadable: 0 };
  });
}

async function loadCarefully({ connection, staging, chunk, place }: Source): Promise<LoadResult> {
  const found = examine(chunk, place);
  return await transaction(connection, async () => {
    const rows = found.rows.map(({ row }, n) => valueLine({ n, j: row }));
    await staging.with(rows, (path) =>
      connection.run(`CREATE OR REPLACE TEMP TABLE careful AS ${readCarefully(path)}`),
    );
    const inserted = await changed(connection, insertCareful);
    const refused = await connection.runAndReadAll(`SELECT n FROM careful WHERE row IS NULL OR NOT (${ROW_IS_WHOLE})`);
    const unread = refused.getRows().map(([n]) => found.rows[Number(n)]!.setAside());
    const outcomes = [...found.outcomes, ...found.unread, ...unread].map(valueLine);
    const all = await addOutcomes({ connection, staging, chunk, place }, outcomes);
    const unreadable = found.unread.length + unread.length;
    const duplicates = await finish(connection, chunk, place);
    return { loaded: inserted - duplicates, duplicates, failed: all - unreadable, unreadable };
  });
}

/** Adds what failed, was filtered or dropped; returns the rows added to `failed`. */
async function addOutcomes({ connection, staging, place }: Source, lines: readonly Uint8Array[]): Promise<number> {
  if (lines.length === 0) return 0;
  return await staging.with(lines, async (path) => {
    const added: number[] = [];
    for (const statement of insertOutcomes(path, place)) added.push(await changed(connection, statement));
    return added[0]!;
  });
}

/** Takes out duplicates, marks the days touched, and moves the position; returns the number of duplicates. */
async function finish(connection: DuckDBConnection, chunk: LoadChunk, place: Place): Promise<number> {
  const first = await connection.runAndReadAll(`SELECT min(received_at)::VARCHAR FROM events WHERE ${isNew(place)}`);
  const firstReceived = first.getRows()[0]?.[0];
  const duplicates =
    typeof firstReceived === 'string' ? await changed(connection, deleteDuplicates(place, firstReceived)) : 0;
  const touched = await connection.runAndReadAll(touchedDays(place));
  for (const [site, day] of touched.getRows()) await markDay(connection, String(site), String(day));
  await connection.run('DELETE FROM positions WHERE log = $1', [chunk.log]);
  await connection.run('INSERT INTO positions VALUES ($1, $2, $3)', [
    chunk.log,
    BigInt(chunk.segment),
    BigInt(chunk.endOffset),
  ]);
  return duplicates;
}

async function markDay(connection: DuckDBConnection, site: string, day: string): Promise<void> {
  const known = await connection.run('UPDATE sealed_days SET loads = loads + 1 WHERE site = $1 AND day = $2', [
    site,
    day,
  ]);
  if (known.rowsChanged === 0)
    await connection.run('INSERT INTO sealed_days (site, day, loads, sealed_loads, rows) VALUES ($1, $2, 1, 0, 0)', [
      site,
      day,
    ]);
}

const changed = async (connection: DuckDBConnection, sql: string): Promise<number> =>
  (await connection.run(sql)).rowsChanged;

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether DuckDB refused what it was given, rather than lacked memory, disk or life. */
const isAboutData = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Invalid Input|Conversion|Constraint|Out of Range|Parser|Serialization) Error/.test(error.message);
