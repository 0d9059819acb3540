import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLoader, openDuckDb, utcDay } from '../../packages/store/dist/index.js';
import { fillLog, sampleRecords } from './fill_log.mjs';
import { medians } from './median.mjs';
import { cell, wholeNumber } from './numbers.mjs';
import { runChild } from './run_child.mjs';
import { writeSecrets } from './servers.mjs';

const BIN = fileURLToPath(new URL('../../packages/parcours/dist/bin.js', import.meta.url));
const run = promisify(execFile);

const DAY_MS = 86_400_000;
/** Days over which the events were received, and those of them that the log still has. */
const DAYS = 30;
const LOG_DAYS = 7;

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `How long \`parcours rebuild\` takes to make a lost database again, from the start of its process: events of ${DAYS} days, all in sealed
days but for today's, the log of the last ${LOG_DAYS} days still there. Beside it DuckDB alone: one statement that reads the sealed
days into a table. Ten million: --events 10000000 --rounds 1, 15 GB of disk.`,
  options: {
    rounds: ['3', 'figures are medians'],
    events: ['1000000', 'in all'],
  },
  async measure(values) {
    const [rounds, events] = ['rounds', 'events'].map((name) => wholeNumber(values, name));
    const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
    try {
      const data = join(folder, 'data');
      const kept = await fillData(data, events);
      const measured = [];
      for (let round = 0; round < rounds; round++) {
        const days = join(data, 'store', 'days');
        const baseline = await runChild('./parquet_child.mjs', [join(folder, 'baseline.duckdb'), days]);
        await rm(join(folder, 'baseline.duckdb'), { force: true });
        await rm(join(data, 'store', 'parcours.duckdb'));
        const started = performance.now();
        const { stdout } = await run(process.execPath, [BIN, 'rebuild', '--data', data, '--json']);
        const seconds = (performance.now() - started) / 1000;
        const { restoredRows, loadedRows } = JSON.parse(stdout);
        if (restoredRows + loadedRows !== kept)
          throw new Error(`of ${kept} events, ${restoredRows + loadedRows} came back`);
        process.stderr.write(`round ${round + 1}: ${seconds.toFixed(1)} s\n`);
        measured.push({
          seconds,
          events_per_second: kept / seconds,
          baseline_events_per_second: baseline.rows / baseline.seconds,
          ratio: kept / seconds / (baseline.rows / baseline.seconds),
          restored: restoredRows,
          loaded: loadedRows,
        });
      }
      return {
        conditions: [`${rounds} rounds`],
        rows: [{ events: kept, ...medians(measured) }],
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  tables: ({ rows }) => [
    [
      ['events', 'seconds', 'events a second', 'DuckDB alone', 'ratio', 'from sealed days', 'from the log'],
      ...rows.map((row) => [
        row.events.toLocaleString('en-GB'),
        cell(row, 'seconds'),
        cell(row, 'events_per_second'),
        cell(row, 'baseline_events_per_second'),
        cell(row, 'ratio'),
        cell(row, 'restored'),
        cell(row, 'loaded'),
      ]),
    ],
  ],
};

/** A data folder as it is on the last of its days. Returns the number of its events. */
async function fillData(data, events) {
  process.stderr.write(`filling a data folder with ${events} events\n`);
  await mkdir(join(data, 'store'), { recursive: true });
  await writeSecrets(data);
  const samples = await sampleRecords();
  const now = Date.now();
  const from = now - DAYS * DAY_MS;
  const since = now - LOG_DAYS * DAY_MS;
  const share = LOG_DAYS / DAYS;
  const parts = [
    { log: 'before', events: events * (1 - share), from, to: since },
    { log: 'collector-0', events: events * share, from: since, to: now },
  ];
  const engine = await openDuckDb({ path: join(data, 'store', 'parcours.duckdb'), folder: join(data, 'store') });
  let written = 0;
  for (const { log, ...part } of parts)
    written += (await fillLog({ samples, folder: join(data, 'log', log), ...part })).written;
  await createLoader({ logs: join(data, 'log'), engine }).drain();
  await engine.sealDays(utcDay(now));
  await engine.close();
  await rm(join(data, 'log', 'before'), { recursive: true });
  return written;
}
