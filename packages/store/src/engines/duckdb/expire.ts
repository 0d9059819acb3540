import type { DuckDBConnection } from '@duckdb/node-api';
import {
  type Expired,
  type Expiry,
  type HeldRows,
  ROW_CLASS_NAMES,
  ROW_CLASSES,
  type RowClassName,
} from '../../retention/classes.ts';
import type { DayTable } from '../../tables/tables.ts';
import { markDay } from './mark_day.ts';
import { literal, name } from './sql.ts';
import { transaction } from './transaction.ts';

const those = ({ site, before }: Expiry): string =>
  `site = ${literal(site)} AND received_at < TIMESTAMP ${literal(before)}`;

/** How many rows each expiry would take. */
export async function countExpired(
  connection: DuckDBConnection,
  expiries: readonly Expiry[],
): Promise<readonly Expired[]> {
  const counted: Expired[] = [];
  for (const expiry of expiries) {
    let rows = 0;
    for (const table of tablesOf(expiry.class)) {
      const found = await connection.runAndReadAll(`SELECT count(*) FROM ${name(table)} WHERE ${those(expiry)}`);
      rows += Number(found.getRows()[0]?.[0]);
    }
    counted.push({ ...expiry, rows });
  }
  return counted;
}

/**
 * Takes out what one expiry names, all of it or none, and marks its days: they are sealed anew with what is left, and a sealed
 * file of which nothing is left goes.
 */
export async function expire(connection: DuckDBConnection, expiry: Expiry): Promise<Expired> {
  return await transaction(connection, async () => {
    let rows = 0;
    for (const table of tablesOf(expiry.class)) {
      const days = await connection.runAndReadAll(
        `SELECT DISTINCT strftime(received_at, '%Y-%m-%d') FROM ${name(table)} WHERE ${those(expiry)}`,
      );
      for (const [day] of days.getRows()) await markDay(connection, { site: expiry.site, day: String(day) });
      rows += (await connection.run(`DELETE FROM ${name(table)} WHERE ${those(expiry)}`)).rowsChanged;
    }
    return { ...expiry, rows };
  });
}

/** What is held by site and class; nothing of a class that a site has no rows of. */
export async function heldRows(connection: DuckDBConnection): Promise<readonly HeldRows[]> {
  const held = await connection.runAndReadAll(
    `SELECT site, class, sum(rows)::BIGINT, strftime(min(oldest), '%Y-%m-%dT%H:%M:%S.%gZ')
     FROM (${ROW_CLASS_NAMES.flatMap(countsOf).join(' UNION ALL ')})
     GROUP BY site, class ORDER BY site, class`,
  );
  return (held.getRows() as [string, RowClassName, bigint, string][]).map(([site, of, rows, oldest]) => ({
    site,
    class: of,
    rows: Number(rows),
    oldest,
  }));
}

const countsOf = (of: RowClassName): readonly string[] =>
  tablesOf(of).map(
    (table) => `SELECT site, ${literal(of)} AS class, count(*) AS rows, min(received_at) AS oldest
      FROM ${name(table)} GROUP BY site`,
  );

const tablesOf = (of: RowClassName): readonly DayTable[] => ROW_CLASSES[of];
