import type { Column, ColumnType } from '../../tables/columns.ts';

/** DuckDB's type for each of ours. Times are TIMESTAMP in UTC: every function takes it, and zone maps prune by it. */
const TYPES: Readonly<Record<ColumnType, string>> = {
  uuid: 'UUID',
  text: 'VARCHAR',
  texts: 'VARCHAR[]',
  time: 'TIMESTAMP',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  boolean: 'BOOLEAN',
  json: 'JSON',
};

export const duckType = (type: ColumnType): string => TYPES[type];

/** A text as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name as an SQL identifier. */
export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Columns as `"name" TYPE, …`. */
export const declare = (columns: readonly Column[]): string =>
  columns.map((column) => `${name(column.name)} ${duckType(column.type)}`).join(', ');

/** Columns as `"name" TYPE NOT NULL, …`: those of a table that is made new. */
export const declareWhole = (columns: readonly Column[]): string =>
  columns.map((column) => `${declare([column])}${column.required ? ' NOT NULL' : ''}`).join(', ');

/** Columns as `"name", …`. */
export const list = (columns: readonly Column[]): string => columns.map((column) => name(column.name)).join(', ');
