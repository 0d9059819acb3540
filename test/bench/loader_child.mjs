import { readFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';
import { createLoader, openDuckDb } from '../../packages/store/dist/index.js';

/**
 * Loads what is there into DuckDB, in a process that does nothing else, and tells its parent how that went.
 *
 * Usage: node test/bench/loader_child.mjs ours <data folder> | baseline <database> <records as lines of JSON>
 */
const [subject, ...places] = process.argv.slice(2);

/** What the reader gives the engine unless its configuration says otherwise. */
const MEMORY = '512MB';
const PROBE_MS = 1;

/** Time that the processor gave this thread, ms. Source: proc_schedstat. */
const threadMs = () =>
  process.platform === 'linux'
    ? Number.parseInt(readFileSync('/proc/thread-self/schedstat', 'utf8'), 10) / 1e6
    : performance.now();

/** Loads a data folder's logs as the reader does. */
async function loadOurs(data) {
  const engine = await openDuckDb({
    path: `${data}/store/parcours.duckdb`,
    folder: `${data}/store`,
    memoryLimit: MEMORY,
  });
  const loader = createLoader({ logs: `${data}/log`, engine });
  const measured = await measure(async () => {
    await loader.drain();
    return loader.stats().loadedRows;
  });
  await engine.close();
  return { ...measured, duplicates: loader.stats().duplicateRows };
}

/** The least that DuckDB can do with the same records: one statement, nothing looked for, nothing remembered. */
async function loadBaseline(path, records) {
  const instance = await DuckDBInstance.create(path, { memory_limit: MEMORY });
  const connection = await instance.connect();
  const measured = await measure(async () => {
    const { rowsChanged } = await connection.run(`
      CREATE TABLE events AS
      SELECT r.* EXCLUDE (events), e FROM (SELECT r, unnest(r.events) AS e FROM read_json('${records}', format = 'newline_delimited') r)`);
    return (
      Number(rowsChanged) || Number((await connection.runAndReadAll('SELECT count(*) FROM events')).getRows()[0][0])
    );
  });
  connection.closeSync();
  instance.closeSync();
  return measured;
}

async function measure(load) {
  const delays = createHistogram();
  let due = performance.now() + PROBE_MS;
  let worked = threadMs();
  let stretchMs = 0;
  // How much later than asked a timer comes is how long a request to the console would wait for its turn.
  const probe = setInterval(() => {
    const now = performance.now();
    delays.record(Math.max(1, Math.round((now - due) * 1000)));
    due = now + PROBE_MS;
    // Other programs make timers late too, and this no longer.
    const work = threadMs();
    stretchMs = Math.max(stretchMs, work - worked);
    worked = work;
  }, PROBE_MS);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const rows = await load();
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(probe);
  return {
    rows,
    perSecond: rows / (ms / 1000),
    cpuUs: (user + system) / rows,
    delayP99Ms: delays.percentile(99) / 1000,
    delayMaxMs: delays.max / 1000,
    stretchMs,
    peakMb: process.resourceUsage().maxRSS / 1000,
  };
}

process.send(await (subject === 'ours' ? loadOurs : loadBaseline)(...places));
process.disconnect();
