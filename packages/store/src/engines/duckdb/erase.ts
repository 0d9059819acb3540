import type { DuckDBConnection } from '@duckdb/node-api';
import type { SubjectKind } from '../../control/subject_ids.ts';
import { NAMING_TABLES, type NamingTable } from '../../tables/subject_columns.ts';
import type { ErasedRows, Erasure, ErasureRequest, SubjectRows } from '../engine.ts';
import { ARRIVED, isNew, type Place } from './load-sql.ts';
import { markDay } from './mark_day.ts';
import { name } from './sql.ts';
import { hashMacro, idRows, idsTold, type Looked, rowsNaming } from './subject-sql.ts';
import { transaction } from './transaction.ts';

/** Of the connection that loads, for the life of the process: control records hold them. */
export const CREATE_ERASED = 'CREATE TEMP TABLE erased (hash VARCHAR, site VARCHAR)';

/** Erased ids as the rows of a table tell them, by their hashes. */
const HITS = 'erased_hits';
const CREATE_HITS = `CREATE OR REPLACE TEMP TABLE ${HITS} (site VARCHAR, kind VARCHAR, value VARCHAR)`;

type Rows = Pick<Looked, 'scope' | 'from'>;

/** @param erased the table of hashes */
async function collectHits(
  connection: DuckDBConnection,
  erased: string,
  rowsOf: (table: NamingTable) => Rows = () => ({}),
): Promise<void> {
  await connection.run(CREATE_HITS);
  for (const told of NAMING_TABLES.flatMap((table) => idsTold(table, rowsOf(table))))
    await connection.run(`
      INSERT INTO ${HITS}
      SELECT DISTINCT t.site, t.kind, t.value FROM (${told}) t JOIN ${erased} e ON e.hash = erased_hash(t.kind, t.value)
      WHERE t.value IS NOT NULL AND (e.site IS NULL OR e.site = t.site)`);
}

/** The kinds of the hits: columns of other kinds need not be read. */
async function kindsHit(connection: DuckDBConnection): Promise<ReadonlySet<SubjectKind>> {
  const found = await connection.runAndReadAll(`SELECT DISTINCT kind FROM ${HITS}`);
  return new Set(found.getRows().map(([kind]) => kind as SubjectKind));
}

/**
 * Takes whatever names an erased id out of the tables, and keeps out what is loaded later or again. The days are sealed anew.
 * An erasure that the database has seen before costs no second look at its rows.
 */
export async function eraseSubjects(
  connection: DuckDBConnection,
  { key, erasures }: ErasureRequest,
): Promise<ErasedRows> {
  await connection.run(hashMacro(key));
  return await transaction(connection, async () => {
    const seen = await connection.runAndReadAll('SELECT erasure_id FROM erasures');
    const known = new Set(seen.getRows().map(([id]) => String(id)));
    let erased: ErasedRows = { events: 0, failed: 0, days: 0 };
    const unknown = erasures.filter(({ id }) => !known.has(id));
    for (const erasure of erasures) await remember(connection, erasure);
    const [byHash, byId] = [unknown.filter(({ ids }) => !ids), unknown.filter(({ ids }) => ids)];
    if (byId.length > 0) {
      await connection.run(CREATE_HITS);
      for (const { ids = [], site } of byId) await connection.run(`INSERT INTO ${HITS} ${idRows(ids, site)}`);
      erased = sum(erased, await takeOut(connection, askedTogether(byId)));
    }
    if (byHash.length > 0) {
      // One look for all of them.
      await connection.run('CREATE OR REPLACE TEMP TABLE erased_now (hash VARCHAR, site VARCHAR)');
      for (const erasure of byHash) await remember(connection, erasure, 'erased_now');
      await collectHits(connection, 'erased_now');
      erased = sum(erased, await takeOut(connection));
    }
    for (const { id } of unknown) await connection.run('INSERT INTO erasures VALUES ($1)', [id]);
    return erased;
  });
}

async function remember(connection: DuckDBConnection, { hashes, site }: Erasure, table = 'erased'): Promise<void> {
  await connection.run(
    `INSERT INTO ${table} SELECT unnest(from_json($1, '["VARCHAR"]')), $2::VARCHAR EXCEPT FROM ${table}`,
    [JSON.stringify(hashes), site ?? null],
  );
}

/** Takes what names an erased id out of what the load in hand brings; returns how many. Only where anybody was erased. */
export async function eraseLoaded(connection: DuckDBConnection, place: Place): Promise<Omit<ErasedRows, 'days'>> {
  const rowsOf = (table: NamingTable): Rows => (table === 'events' ? { from: ARRIVED } : { scope: isNew(place) });
  await collectHits(connection, 'erased', rowsOf);
  const kinds = await kindsHit(connection);
  const counts = { events: 0, failed: 0 };
  for (const table of NAMING_TABLES) {
    const rows = rowsOf(table);
    const those = `rowid IN (${rowsNaming(table, HITS, { ...rows, kinds })})`;
    counts[table] = (await connection.run(`DELETE FROM ${name(rows.from ?? table)} WHERE ${those}`)).rowsChanged;
  }
  return counts;
}

/** The ids of erasures that are of one site, or of all sites, each of them. */
function askedTogether(erasures: readonly Erasure[]): SubjectRows | undefined {
  const [site, ...others] = new Set(erasures.map((erasure) => erasure.site));
  return others.length > 0 ? undefined : { site, ids: erasures.flatMap(({ ids = [] }) => ids) };
}

async function takeOut(connection: DuckDBConnection, asked?: SubjectRows): Promise<ErasedRows> {
  const counts = { events: 0, failed: 0 };
  const days = new Map<string, { site: string; day: string }>();
  const kinds = await kindsHit(connection);
  for (const table of NAMING_TABLES) {
    await connection.run(`CREATE OR REPLACE TEMP TABLE erased_rows AS ${rowsNaming(table, HITS, { kinds, asked })}`);
    const touched = await connection.runAndReadAll(
      `SELECT DISTINCT site, strftime(received_at, '%Y-%m-%d') FROM ${name(table)} WHERE rowid IN (FROM erased_rows)`,
    );
    for (const [site, day] of touched.getRows() as [string, string][])
      days.set(JSON.stringify([site, day]), { site, day });
    const gone = await connection.run(`DELETE FROM ${name(table)} WHERE rowid IN (FROM erased_rows)`);
    counts[table] = gone.rowsChanged;
  }
  for (const day of days.values()) await markDay(connection, day);
  return { ...counts, days: days.size };
}

const sum = (a: ErasedRows, b: ErasedRows): ErasedRows => ({
  events: a.events + b.events,
  failed: a.failed + b.failed,
  days: a.days + b.days,
});
