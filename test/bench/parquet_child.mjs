import { DuckDBInstance } from '@duckdb/node-api';

/**
 * The least that DuckDB can do to have sealed days in a table again, in a process that does nothing else.
 *
 * Usage: node test/bench/parquet_child.mjs <database> <folder of days>
 */
const [path, days] = process.argv.slice(2);
const started = performance.now();
const instance = await DuckDBInstance.create(path, { memory_limit: '512MB' });
const connection = await instance.connect();
await connection.run(`CREATE TABLE events AS SELECT * FROM read_parquet('${days}/*/*.parquet', union_by_name = true)`);
const [[rows]] = (await connection.runAndReadAll('SELECT count(*) FROM events')).getRows();
connection.closeSync();
instance.closeSync();
process.send({ rows: Number(rows), seconds: (performance.now() - started) / 1000 });
process.disconnect();
