import type { DuckDBConnection } from '@duckdb/node-api';

/** Runs statements as one: all of them, or after a throw none. */
export async function transaction<T>(connection: DuckDBConnection, run: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN');
  try {
    const result = await run();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has ended the transaction already; the first error is the one to tell.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
