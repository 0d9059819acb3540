import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '../../tables/columns.ts';
import { TABLES } from '../../tables/tables.ts';
import { declare, duckType, name } from './sql.ts';
import { createViews } from './views.ts';

/**
 * Makes the tables, or adds the columns that an older file lacks: add-only, so an older release reads a newer file.
 * No primary key and no index: DuckDB's have lost files (duckdb/duckdb #15836, #23645), and cost a third of the load.
 * An added column takes no NOT NULL, for the rows that are there cannot have it. Views hold no rows and are made anew.
 */
export async function migrate(connection: DuckDBConnection): Promise<void> {
  for (const [table, columns] of Object.entries<readonly Column[]>(TABLES)) {
    const there = await columnsOf(connection, table);
    if (there.size === 0) {
      await connection.run(`CREATE TABLE ${name(table)} (${columns.map(definition).join(', ')})`);
      continue;
    }
    for (const column of columns)
      if (!there.has(column.name)) await connection.run(`ALTER TABLE ${name(table)} ADD COLUMN ${declare([column])}`);
  }
  for (const view of createViews) await connection.run(view);
}

const definition = (column: Column): string =>
  `${name(column.name)} ${duckType(column.type)}${column.required ? ' NOT NULL' : ''}`;

async function columnsOf(connection: DuckDBConnection, table: string): Promise<ReadonlySet<string>> {
  const found = await connection.runAndReadAll(
    'SELECT column_name FROM duckdb_columns() WHERE database_name = current_database() AND table_name = $1',
    [table],
  );
  return new Set(found.getRows().map(([column]) => String(column)));
}
