import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '../../tables/columns.ts';
import { TABLES } from '../../tables/tables.ts';
import { declare, declareWhole, name } from './sql.ts';
import { transaction } from './transaction.ts';
import { createViews } from './views.ts';

/**
 * Makes the tables, or adds the columns that an older file lacks: add-only, so an older release reads a newer file. All
 * of it or nothing, and on disk once instead of once a table.
 * No primary key and no index: DuckDB's have lost files (duckdb/duckdb #15836, #23645), and cost a third of the load.
 * An added column takes no NOT NULL, for the rows that are there cannot have it. Views hold no rows and are made anew.
 */
export const migrate = (connection: DuckDBConnection): Promise<void> =>
  transaction(connection, async () => {
    const known = await columnsOf(connection);
    for (const [table, columns] of Object.entries<readonly Column[]>(TABLES)) {
      const there = known.get(table);
      if (!there) {
        await connection.run(`CREATE TABLE ${name(table)} (${declareWhole(columns)})`);
        continue;
      }
      for (const column of columns)
        if (!there.has(column.name)) await connection.run(`ALTER TABLE ${name(table)} ADD COLUMN ${declare([column])}`);
    }
    for (const view of createViews) await connection.run(view);
  });

/** The columns that the database has, by table. Views are not asked for: to list their columns DuckDB plans them all. */
async function columnsOf(connection: DuckDBConnection): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = await connection.runAndReadAll(
    'SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()',
  );
  const columns = new Map<string, ReadonlySet<string>>();
  for (const [table] of found.getRows()) {
    const result = await connection.run(`SELECT * FROM ${name(String(table))} LIMIT 0`);
    columns.set(String(table), new Set(result.columnNames()));
  }
  return columns;
}
