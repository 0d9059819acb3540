import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import type { SubjectId } from '../../control/subject_ids.ts';
import { NAMING_TABLES } from '../../tables/subject_columns.ts';
import { migrate } from './schema.ts';
import { idRows, rowsNaming } from './subject-sql.ts';

/** The plan of a look for one visitor. */
async function planOf(table: (typeof NAMING_TABLES)[number], looked: Parameters<typeof rowsNaming>[2]) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await migrate(connection);
  const hits = idRows([{ kind: 'visitor', value: 'v' }], undefined);
  const plan = await connection.runAndReadAll(`EXPLAIN WITH hits AS (${hits}) ${rowsNaming(table, 'hits', looked)}`);
  connection.closeSync();
  instance.closeSync();
  return String(plan.getRows()[0]?.[1]);
}

// An inner query that is asked about each row again took forty times as long over five million, and most of the memory.
it.each(NAMING_TABLES)('a look at %s asks no inner query about each of its rows', async (table) => {
  expect(await planOf(table, {})).not.toMatch(/DELIM/);
});

it('reads no column of a kind that nobody asks for', async () => {
  const all = await planOf('events', {});
  const some = await planOf('events', { kinds: new Set(['visitor']) });
  expect(all).toMatch(/session_id/);
  expect(some).not.toMatch(/session_id|keys/);
});

it('hands over ids by kind as one text each, however many they are', () => {
  const many: SubjectId[] = Array.from({ length: 20_000 }, (_, n) => ({
    kind: n % 2 === 0 ? 'session' : 'visitor',
    value: `it's ${n}`,
  }));
  expect(idRows(many, 'shop-fr').match(/SELECT/g)).toHaveLength(2);
});
