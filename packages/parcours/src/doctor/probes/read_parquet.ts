import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Reads every value of a Parquet file, and gives the rows; rejects where a page cannot be decompressed or decoded. In an
 * engine of its own, in memory, which may read nothing else of the machine than what it is asked for here.
 */
export async function readParquet(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '256MB', threads: '1' });
  try {
    const connection = await instance.connect();
    const file = `'${path.replaceAll("'", "''")}'`;
    const reader = await connection.runAndReadAll(
      `SELECT count(*), bit_xor(hash(each)) FROM read_parquet(${file}) AS each`,
    );
    return Number(reader.getRows()[0]?.[0]);
  } finally {
    instance.closeSync();
  }
}

/** Opens a database that nothing else has open, and changes nothing; rejects with the engine's reason. */
export async function openReadOnly(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY', memory_limit: '256MB', threads: '1' });
  try {
    const connection = await instance.connect();
    await connection.run('SELECT count(*) FROM duckdb_tables()');
  } finally {
    instance.closeSync();
  }
}
