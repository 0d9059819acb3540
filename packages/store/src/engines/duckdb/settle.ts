import type { DuckDBConnection } from '@duckdb/node-api';
import type { FailurePurge } from '../engine.ts';
import { type DayKey, markDay } from './mark_day.ts';
import { literal } from './sql.ts';
import { transaction } from './transaction.ts';

/** Of the connection that loads, for the life of the process: control records hold them for ever. */
export const CREATE_SETTLED = `
  CREATE TEMP TABLE settled (failed_id VARCHAR);
  CREATE TEMP TABLE purged (before TIMESTAMP, site VARCHAR, code VARCHAR)`;

/** Whether a failure is neither settled by its id nor purged by what it is. */
export const isOpenFailure = ({
  id,
  site,
  code,
  received,
}: Readonly<Record<'id' | 'site' | 'code' | 'received', string>>) => `
  ${id} NOT IN (FROM settled) AND NOT EXISTS (
    FROM purged p WHERE ${received} < p.before
    AND (p.site IS NULL OR p.site = ${site}) AND (p.code IS NULL OR p.code = ${code}))`;

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
      await connection.run(
        `INSERT INTO settled
         SELECT DISTINCT unnest(from_json($1, '["VARCHAR"]')) EXCEPT SELECT failed_id FROM settled`,
        [asked],
      );
      removed += await takeOut(connection, 'failed_id IN (SELECT unnest(from_json($1, \'["VARCHAR"]\')))', [asked]);
    }
    return removed;
  });
}

/** Takes out failures by what they have in common, and keeps out those whose records are loaded later or again. */
export async function purgeFailures(connection: DuckDBConnection, purges: readonly FailurePurge[]): Promise<number> {
  return await transaction(connection, async () => {
    let removed = 0;
    for (const { before, site = null, code = null } of purges) {
      await connection.run('INSERT INTO purged VALUES ($1::TIMESTAMP, $2::VARCHAR, $3::VARCHAR)', [before, site, code]);
      const those = [
        `received_at < TIMESTAMP ${literal(before)}`,
        ...(site === null ? [] : [`site = ${literal(site)}`]),
        ...(code === null ? [] : [`code = ${literal(code)}`]),
      ];
      removed += await takeOut(connection, those.join(' AND '));
    }
    return removed;
  });
}

async function takeOut(connection: DuckDBConnection, those: string, values: readonly string[] = []): Promise<number> {
  const days = await connection.runAndReadAll(
    `SELECT DISTINCT site, strftime(received_at, '%Y-%m-%d') FROM failed WHERE ${those}`,
    [...values],
  );
  for (const [site, day] of days.getRows() as [string, string][])
    await markDay(connection, { site, day } satisfies DayKey);
  return (await connection.run(`DELETE FROM failed WHERE ${those}`, [...values])).rowsChanged;
}
