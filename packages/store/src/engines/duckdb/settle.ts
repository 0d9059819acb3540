import type { DuckDBConnection } from '@duckdb/node-api';
import type { DayKey } from './mark_day.ts';
import { markDay } from './mark_day.ts';
import { transaction } from './transaction.ts';

/** Of the connection that loads, for the life of the process: control records hold them for ever. */
export const CREATE_SETTLED = 'CREATE TEMP TABLE settled (failed_id VARCHAR)';

/** Ids that DuckDB is handed at a time. */
const STEP = 10_000;

/**
 * Takes settled failures out of `failed`, and keeps out those whose records are loaded later or again. Their days are sealed
 * anew.
 *
 * @returns rows taken out
 */
export async function settleFailures(connection: DuckDBConnection, ids: readonly string[]): Promise<number> {
  return await transaction(connection, async () => {
    let removed = 0;
    for (let from = 0; from < ids.length; from += STEP) {
      const asked = JSON.stringify(ids.slice(from, from + STEP));
      const those = 'failed_id IN (SELECT unnest(from_json($1, \'["VARCHAR"]\')))';
      await connection.run(
        `INSERT INTO settled
         SELECT DISTINCT unnest(from_json($1, '["VARCHAR"]')) EXCEPT SELECT failed_id FROM settled`,
        [asked],
      );
      const days = await connection.runAndReadAll(
        `SELECT DISTINCT site, strftime(received_at, '%Y-%m-%d') FROM failed WHERE ${those}`,
        [asked],
      );
      for (const [site, day] of days.getRows() as [string, string][])
        await markDay(connection, { site, day } satisfies DayKey);
      removed += (await connection.run(`DELETE FROM failed WHERE ${those}`, [asked])).rowsChanged;
    }
    return removed;
  });
}
