import type { DuckDBConnection } from '@duckdb/node-api';
import { dayPath, listDayFiles, removeDurably, writeWhole } from '../../parquet.ts';
import { DAY_TABLES, type DayTable } from '../../tables/tables.ts';
import type { SealedDay } from '../engine.ts';
import { literal, name } from './sql.ts';
import { transaction } from './transaction.ts';

interface Days {
  readonly connection: DuckDBConnection;
  /** The folder of sealed days. */
  readonly folder: string;
  /** Runs alone among the writers of the database. */
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
}

/**
 * Writes every closed day that was loaded into since its file was written. Which loads a file holds is read before its
 * rows are, so a load in between leaves the day to be sealed again, never unnoticed.
 */
export async function sealDays(before: string, days: Days): Promise<readonly SealedDay[]> {
  const open = await days.connection.runAndReadAll(
    'SELECT site, day, loads FROM sealed_days WHERE day < $1 AND loads <> sealed_loads ORDER BY day, site',
    [before],
  );
  const sealed: SealedDay[] = [];
  for (const [site, day, loads] of open.getRows() as [string, string, bigint][]) {
    const counts: Record<string, number> = {};
    for (const table of DAY_TABLES) counts[table] = await sealTable({ site, day, table }, days);
    const rows = counts.events!;
    await days.alone(() =>
      days.connection.run('UPDATE sealed_days SET sealed_loads = $3, rows = $4 WHERE site = $1 AND day = $2', [
        site,
        day,
        loads,
        BigInt(rows),
      ]),
    );
    sealed.push({ site, day, rows, path: dayPath(days.folder, { site, day, table: 'events' }) });
  }
  return sealed;
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
      `COPY (SELECT * ${rows}) TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
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

/** Removes what was received before a day: from the tables at once, then its files. */
export async function dropBefore(day: string, { connection, folder, alone }: Days): Promise<void> {
  await alone(() =>
    transaction(connection, async () => {
      for (const table of DAY_TABLES)
        await connection.run(`DELETE FROM ${name(table)} WHERE received_at < $1::TIMESTAMP`, [day]);
      await connection.run('DELETE FROM sealed_days WHERE day < $1', [day]);
    }),
  );
  for (const file of await listDayFiles(folder)) if (file.day < day) await removeDurably(file.path);
}
