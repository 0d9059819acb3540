import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createLoader, createSubjects, openDuckDb, utcDay } from '../../packages/store/dist/index.js';

/** As the running program has it: then it answers, and goes on with the sealed days. */
const ANSWER_MS = 10_000;

/**
 * Tables of people, in a process that does nothing else.
 *
 * Usage: node test/bench/subject_child.mjs fill <data>                          loads the log and seals the days
 *        node test/bench/subject_child.mjs erase <data> <visitor id> <rows>     tells what finding and erasing took
 */
const [task, data, visitor, rows] = process.argv.slice(2);
const folder = join(data, 'store');
const engine = await openDuckDb({ path: join(folder, 'parcours.duckdb'), folder });
const today = utcDay(Date.now());
const told = task === 'fill' ? await fill() : await erase();
await engine.close();
process.send(told);
process.disconnect();

async function fill() {
  await createLoader({ logs: join(data, 'log'), engine }).drain();
  return { sealed: (await engine.sealDays(today)).length };
}

async function erase() {
  const key = new Uint8Array(32).fill(1);
  const subjects = createSubjects({
    ...{ engine, drain: async () => undefined, writer: 'bench', logDays: 7, retentionOf: () => ({}) },
    ...{ control: join(data, 'control'), receipts: join(data, 'receipts'), audit: join(data, 'audit') },
    keys: { receipts: key, join: key, signing: key },
    sealing: {
      waitMs: ANSWER_MS,
      onFailed(error) {
        throw error;
      },
    },
  });
  const asked = { by: 'visitor', value: visitor };
  const since = watch();
  const found = await subjects.findSubject(asked);
  const [find_ms, find_cpu_ms] = since();
  if (found.rows.events !== Number(rows)) throw new Error(`${rows} rows were written, ${found.rows.events} are found`);
  const began = watch();
  await subjects.eraseSubject(asked, { asker: { by: 'cli' } });
  const [answer_ms, answer_cpu_ms] = began();
  await engine.sealDays(today);
  const [gone_ms, gone_cpu_ms] = began();
  const left = await rowsLeft();
  if (left > 0) throw new Error(`${left} rows of ${rows} are in sealed days still`);
  return { days: found.rows.days, find_ms, find_cpu_ms, answer_ms, answer_cpu_ms, gone_ms, gone_cpu_ms };
}

async function rowsLeft() {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const sealed = `read_parquet('${folder}/days/*/*.parquet', union_by_name = true)`;
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${sealed} WHERE visitor_id = $1`, [visitor]);
  connection.closeSync();
  instance.closeSync();
  return Number(counted.getRows()[0][0]);
}

/** Ms since now, and ms of CPU of this process in them. */
function watch() {
  const [started, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return [performance.now() - started, (user + system) / 1000];
  };
}
