import type { DuckDBConnection } from '@duckdb/node-api';

export interface DayKey {
  readonly site: string;
  readonly day: string;
}

/** Notes that a day's rows changed: it is to be sealed, again where it was. */
export async function markDay(connection: DuckDBConnection, { site, day }: DayKey): Promise<void> {
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
