import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Snapshot } from '../../export/export.ts';
import { QueryError } from '../errors.ts';
import { CATALOG } from './database.ts';
import { type OutgoingFiles, piecesOf } from './out.ts';
import { literal } from './sql.ts';

const COPY = 'outgoing_copy';

/** A copy takes as much as the database at the most, and what is in its log. */
const ROOM = 1.1;

/**
 * Copies every table and view of one moment into a database file of its own. By DuckDB's own copy, not of the file: loads go
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
    await connection.run(`COPY FROM DATABASE ${CATALOG} TO ${COPY}`);
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
