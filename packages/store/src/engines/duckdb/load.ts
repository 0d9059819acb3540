import type { DuckDBConnection } from '@duckdb/node-api';
import { breathe, STRETCH_BYTES } from '../../log/breathe.ts';
import type { LoadChunk, LoadResult } from '../engine.ts';
import { examine } from './careful.ts';
import { eraseLoaded } from './erase.ts';
import {
  ARRIVED,
  CREATE_ARRIVED,
  collectArrived,
  collectCareful,
  collectRepeated,
  insertArrived,
  insertOutcomes,
  type Place,
  ROW_IS_WHOLE,
  readCarefully,
  touchedDays,
} from './load-sql.ts';
import { markDay } from './mark_day.ts';
import { recordLine, type Staging, valueLine } from './staging.ts';
import { transaction } from './transaction.ts';

/** Ends the keys `"failed":[`, `"filtered":[`, `"dropped":[` and `"exempted":[`, and little else: most records have none of them. */
const OUTCOME_MARK = Buffer.from('ed":[');

interface Source {
  readonly connection: DuckDBConnection;
  readonly staging: Staging;
  readonly chunk: LoadChunk;
  readonly place: Place;
  /** Whether anybody was erased: else nothing is looked for. */
  readonly hasErased: boolean;
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

async function loadWhole(source: Source): Promise<LoadResult> {
  const { connection, staging, chunk, place } = source;
  const events: Uint8Array[] = [];
  const outcomes: Uint8Array[] = [];
  let pauseAt = place.from + STRETCH_BYTES;
  for (const [index, record] of chunk.records.entries()) {
    const offset = chunk.offsets[index]!;
    if (offset < place.from) continue;
    const line = recordLine(offset, record);
    events.push(...line);
    if (view(record).includes(OUTCOME_MARK)) outcomes.push(...line);
    if (offset < pauseAt) continue;
    pauseAt = offset + STRETCH_BYTES;
    await breathe();
  }
  return await transaction(connection, async () => {
    await connection.run(CREATE_ARRIVED);
    if (events.length > 0) await staging.with(events, (path) => connection.run(collectArrived(path, place)));
    const failed = await addOutcomes(source, outcomes);
    return counted({ ...(await finish(source)), failed, unreadable: 0 });
  });
}

async function loadCarefully(source: Source): Promise<LoadResult> {
  const { connection, staging, chunk, place } = source;
  const found = examine(chunk, place);
  return await transaction(connection, async () => {
    const rows = found.rows.map(({ row }, n) => valueLine({ n, j: row }));
    await staging.with(rows, (path) =>
      connection.run(`CREATE OR REPLACE TEMP TABLE careful AS ${readCarefully(path)}`),
    );
    await connection.run(CREATE_ARRIVED);
    await connection.run(collectCareful);
    const refused = await connection.runAndReadAll(`SELECT n FROM careful WHERE row IS NULL OR NOT (${ROW_IS_WHOLE})`);
    const unread = refused.getRows().map(([n]) => found.rows[Number(n)]!.setAside());
    const outcomes = [...found.outcomes, ...found.unread, ...unread].map(valueLine);
    const all = await addOutcomes(source, outcomes);
    const unreadable = found.unread.length + unread.length;
    await connection.run('DROP TABLE careful');
    return counted({ ...(await finish(source)), failed: all - unreadable, unreadable });
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

/** What of the load was taken out as somebody's who was erased; and of the events left, what was put in and what had come before. */
interface Finished {
  readonly inserted: number;
  readonly duplicates: number;
  readonly erased: { readonly events: number; readonly failed: number };
}

function counted({
  inserted,
  duplicates,
  failed,
  unreadable,
  erased,
}: Finished & Pick<LoadResult, 'failed' | 'unreadable'>): LoadResult {
  const all = erased.events + erased.failed;
  return { loaded: inserted, duplicates, failed: failed - erased.failed, unreadable, ...(all > 0 && { erased: all }) };
}

/** Takes out who was erased, puts what has arrived and did not come before into the events, marks the days touched, and moves the position. */
async function finish({ connection, chunk, place, hasErased }: Source): Promise<Finished> {
  // First: an event that an erased one was sent before under the same id is the first of its id.
  const erased = hasErased ? await eraseLoaded(connection, place) : { events: 0, failed: 0 };
  const touched = await connection.runAndReadAll(touchedDays(place));
  const rows = touched.getRows() as [site: string, day: string, first: string][];
  const days = new Map(rows.map(([site, day]) => [JSON.stringify([site, day]), { site, day }]));
  for (const day of days.values()) await markDay(connection, day);
  // Text of one form sorts as its times do.
  const [first] = rows.map(([, , received]) => received).sort();
  const { inserted, duplicates } =
    first === undefined ? { inserted: 0, duplicates: 0 } : await insertNew(connection, first);
  await connection.run(`DROP TABLE ${ARRIVED}`);
  await movePosition(connection, chunk);
  return { inserted, duplicates, erased };
}

async function insertNew(
  connection: DuckDBConnection,
  firstReceived: string,
): Promise<Pick<Finished, 'inserted' | 'duplicates'>> {
  await connection.run(collectRepeated(firstReceived));
  const repeated = await connection.runAndReadAll('SELECT count(*) FROM repeated');
  return { inserted: await changed(connection, insertArrived), duplicates: Number(repeated.getRows()[0]?.[0]) };
}

async function movePosition(connection: DuckDBConnection, { log, segment, endOffset }: LoadChunk): Promise<void> {
  const values = [log, BigInt(segment), BigInt(endOffset)];
  // Not deleted and inserted: dead rows would pile up until the next checkpoint, and be read over by each load.
  const known = await connection.run('UPDATE positions SET segment = $2, "offset" = $3 WHERE log = $1', values);
  if (known.rowsChanged === 0) await connection.run('INSERT INTO positions VALUES ($1, $2, $3)', values);
}

const changed = async (connection: DuckDBConnection, sql: string): Promise<number> =>
  (await connection.run(sql)).rowsChanged;

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether DuckDB refused what it was given, rather than lacked memory, disk or life. */
const isAboutData = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Invalid Input|Conversion|Constraint|Out of Range|Parser|Serialization) Error/.test(error.message);
