import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Snapshot } from '../../export/export.ts';
import { HIDDEN_TABLES, TABLES } from '../../tables/tables.ts';
import type { ViewName } from '../../tables/views.ts';
import { QueryError } from '../errors.ts';
import { CATALOG } from './database.ts';
import { type OutgoingFiles, piecesOf } from './out.ts';
import { literal, name } from './sql.ts';
import { transaction } from './transaction.ts';

const COPY = 'outgoing_copy';

/** Views of tables whose rows nobody is shown: a copy has their answers, and those tables are empty in it. */
const TOLD_VIEWS = ['exempt_counts', 'exempt_evidence'] as const satisfies readonly ViewName[];

const copyRows = (table: string): string =>
  `INSERT INTO ${COPY}.main.${name(table)} SELECT * FROM ${CATALOG}.main.${name(table)}`;

/** A copy takes as much as the database at the most, and what is in its log. */
const ROOM = 1.1;

/**
 * Copies every table that may be shown, and every view, of one moment into a database file of its own. By DuckDB's own copy, not of the file: loads go
 * on meanwhile, and a plain client opens the result as it is.
 */
export async function snapshot(
  connection: DuckDBConnection,
  files: OutgoingFiles,
  databaseFile: string,
): Promise<Snapshot> {
  const needed = (await sizeOf(databaseFile)) + (await sizeOf(`${databaseFile}.wal`));
  const free = await files.freeBytes();
  if (free < needed * ROOM) {
    throw new QueryError('no_space', `a snapshot may take ${needed} bytes beside the database, and ${free} are free`);
  }
  const path = files.path('duckdb');
  await connection.run(`ATTACH ${literal(path)} AS ${COPY}`);
  try {
    await transaction(connection, async () => {
      await connection.run(`COPY FROM DATABASE ${CATALOG} TO ${COPY} (SCHEMA)`);
      for (const table of Object.keys(TABLES)) if (!HIDDEN_TABLES.has(table)) await connection.run(copyRows(table));
      for (const view of TOLD_VIEWS) {
        await connection.run(`DROP VIEW ${COPY}.main.${name(view)}`);
        await connection.run(`CREATE TABLE ${COPY}.main.${name(view)} AS SELECT * FROM ${CATALOG}.main.${name(view)}`);
      }
    });
  } finally {
    await connection.run(`DETACH ${COPY}`);
  }
  return { bytes: (await stat(path)).size, pieces: piecesOf(path) };
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
