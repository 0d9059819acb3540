import type { DuckDBConnection } from '@duckdb/node-api';
import { dayPath, listDayFiles, removeDurably, writeWhole } from '../../parquet.ts';
import { DAY_TABLES, type DayTable } from '../../tables/tables.ts';
import type { SealedDay } from '../engine.ts';
import { ROW_GROUP_ROWS } from './database.ts';
import type { DayKey } from './mark_day.ts';
import { literal, name } from './sql.ts';
import { transaction } from './transaction.ts';

interface Days {
  readonly connection: DuckDBConnection;
  /** The folder of sealed days. */
  readonly folder: string;
}

interface Sealing extends Days {
  /** Runs alone among the writers of the database. */
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
  /** Runs alone among those that use the connection. */
  readonly turn: <T>(run: () => Promise<T>) => Promise<T>;
  readonly closing: AbortSignal;
}

const toSeal = (before: string): string => `FROM sealed_days WHERE day < ${literal(before)} AND loads <> sealed_loads`;

/**
 * Writes every closed day that was changed since its file was written; one of which nothing is left is forgotten. A day a turn: a
 * year of them takes minutes, and others ask meanwhile.
 */
export async function sealDays(before: string, sealing: Sealing): Promise<readonly SealedDay[]> {
  const { connection, turn, closing } = sealing;
  const open = await turn(() => connection.runAndReadAll(`SELECT site, day ${toSeal(before)} ORDER BY day, site`));
  const sealed: SealedDay[] = [];
  for (const [site, day] of open.getRows() as [string, string][]) {
    const made = await turn(async () => {
      // Never as if it had come to its end: what is not sealed must stay in the log.
      if (closing.aborted) throw new Error('the engine is closing');
      return await sealDay({ site, day }, sealing);
    });
    if (made) sealed.push(made);
  }
  return sealed;
}

/** Counts the days that `sealDays` would write. */
export const countToSeal = (before: string): string => `SELECT count(*) ${toSeal(before)}`;

/**
 * Which loads a file holds is read before its rows are, so a load in between leaves the day to be sealed again, never unnoticed.
 * Undefined where another sealing was first.
 */
async function sealDay({ site, day }: DayKey, { connection, folder, alone }: Sealing): Promise<SealedDay | undefined> {
  const open = await connection.runAndReadAll(
    'SELECT loads FROM sealed_days WHERE site = $1 AND day = $2 AND loads <> sealed_loads',
    [site, day],
  );
  const [[loads] = []] = open.getRows() as [bigint][];
  if (loads === undefined) return undefined;
  const counts: Record<string, number> = {};
  for (const table of DAY_TABLES) counts[table] = await sealTable({ site, day, table }, { connection, folder });
  const rows = counts.events!;
  const isEmpty = DAY_TABLES.every((table) => counts[table] === 0);
  await alone(() =>
    isEmpty
      ? // Unless something was loaded into it meanwhile.
        connection.run('DELETE FROM sealed_days WHERE site = $1 AND day = $2 AND loads = $3', [site, day, loads])
      : connection.run('UPDATE sealed_days SET sealed_loads = $3, rows = $4 WHERE site = $1 AND day = $2', [
          site,
          day,
          loads,
          BigInt(rows),
        ]),
  );
  return { site, day, rows, path: dayPath(folder, { site, day, table: 'events' }) };
}

async function sealTable(
  { site, day, table }: { site: string; day: string; table: DayTable },
  { connection, folder }: Days,
): Promise<number> {
  const path = dayPath(folder, { site, day, table });
  const rows = `FROM ${name(table)} WHERE site = ${literal(site)}
    AND received_at >= TIMESTAMP ${literal(day)} AND received_at < TIMESTAMP ${literal(day)} + INTERVAL 1 DAY`;
  const counted = await connection.runAndReadAll(`SELECT count(*) ${rows}`);
  if (Number(counted.getRows()[0]?.[0]) === 0) {
    await removeDurably(path);
    return 0;
  }
  let written = 0;
  await writeWhole(path, async (temporary) => {
    const copied = await connection.run(
      `COPY (SELECT * ${rows}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, USE_TMP_FILE false)`,
    );
    written = copied.rowsChanged;
  });
  return written;
}

/** Loads every sealed file, one transaction each; its day counts as sealed. */
export async function restoreDays({ connection, folder }: Days): Promise<readonly SealedDay[]> {
  const restored: SealedDay[] = [];
  for (const { path, table, day } of await listDayFiles(folder)) {
    const source = `read_parquet(${literal(path)})`;
    const sites = await connection.runAndReadAll(`SELECT any_value(site) FROM ${source}`);
    const site = String(sites.getRows()[0]?.[0]);
    const rows = await transaction(connection, async () => {
      const loaded = await connection.run(`INSERT INTO ${name(table)} BY NAME SELECT * FROM ${source}`);
      await markSealed(connection, { site, day, rows: table === 'events' ? loaded.rowsChanged : 0 });
      return loaded.rowsChanged;
    });
    if (table === 'events') restored.push({ site, day, rows, path });
  }
  return restored;
}

async function markSealed(
  connection: DuckDBConnection,
  { site, day, rows }: { site: string; day: string; rows: number },
): Promise<void> {
  const there = await connection.run('UPDATE sealed_days SET rows = rows + $3 WHERE site = $1 AND day = $2', [
    site,
    day,
    BigInt(rows),
  ]);
  if (there.rowsChanged > 0) return;
  await connection.run('INSERT INTO sealed_days (site, day, loads, sealed_loads, rows) VALUES ($1, $2, 1, 1, $3)', [
    site,
    day,
    BigInt(rows),
  ]);
}
