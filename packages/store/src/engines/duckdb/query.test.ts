import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemTimers } from '../../timers.ts';
import { runQuery } from './query.ts';

let instance: DuckDBInstance;
let loader: DuckDBConnection;

beforeEach(async () => {
  instance = await DuckDBInstance.create(':memory:');
  loader = await instance.connect();
  await loader.run("CREATE TABLE events (n INTEGER, utm_source VARCHAR); INSERT INTO events VALUES (1, NULL), (2, '')");
});
afterEach(() => {
  loader.closeSync();
  instance.closeSync();
});

/** A question during which a load is committed right after DuckDB has made its plan. */
async function askDuringLoad(sql: string): Promise<readonly (readonly unknown[])[]> {
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    const prepare = connection.prepare.bind(connection);
    connection.prepare = async (...args) => {
      const prepared = await prepare(...args);
      if (args[0] === sql) await loader.run("INSERT INTO events VALUES (3, 'newsletter')");
      return prepared;
    };
    return connection;
  };
  const { rows } = await runQuery(sql, {}, { connect, timers: systemTimers, closing: new AbortController().signal });
  return rows;
}

test('a load between plan and rows changes no value: the rows are those of one moment', async () => {
  const sql = 'SELECT n, utm_source FROM events ORDER BY n';
  expect(await askDuringLoad(sql)).toEqual([
    [1, null],
    [2, ''],
  ]);
  expect(await askDuringLoad(sql)).toEqual([
    [1, null],
    [2, ''],
    [3, 'newsletter'],
  ]);
});
