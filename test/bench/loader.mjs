import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readLog } from '../../packages/store/dist/log.js';
import { fillLog, sampleRecords } from './fill_log.mjs';
import { medians } from './median.mjs';
import { cell, wholeNumber } from './numbers.mjs';
import { runChild } from './run_child.mjs';

const GOAL = 80_000;
const DELAY_GOAL_MS = 10;
const HOUR_MS = 3_600_000;
/** One record of so many was sent again. */
const REPEATED = 100;

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `How quickly a log becomes rows: the loader with the DuckDB engine, each event looked for among those of eight days, one of
${REPEATED} batches there twice. Beside it DuckDB alone: one statement that reads the same records into a table.
Goals: ${GOAL} rows a second, and the process answers all the while (99 of 100 timers at most ${DELAY_GOAL_MS} ms late).`,
  options: {
    rounds: ['5', 'each from an empty database; figures are medians'],
    events: ['500000', 'in the log'],
  },
  async measure(values) {
    const [rounds, events] = ['rounds', 'events'].map((name) => wholeNumber(values, name));
    const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
    try {
      process.stderr.write(`writing a log of ${events} events\n`);
      const log = join(folder, 'log', 'collector-0');
      const records = join(folder, 'records.ndjson');
      const now = Date.now();
      const samples = await sampleRecords();
      const { written } = await fillLog({
        samples,
        folder: log,
        events,
        from: now - HOUR_MS,
        to: now,
        repeated: REPEATED,
      });
      await writeRecords(log, records);
      const measured = [];
      for (let round = 0; round <= rounds; round++) {
        const fresh = join(folder, `round-${round}`);
        await mkdir(join(fresh, 'store'), { recursive: true });
        await cp(join(folder, 'log'), join(fresh, 'log'), { recursive: true });
        const baseline = await runChild('./loader_child.mjs', ['baseline', join(fresh, 'baseline.duckdb'), records]);
        const ours = await runChild('./loader_child.mjs', ['ours', fresh]);
        await rm(fresh, { recursive: true, force: true });
        if (ours.rows !== written) throw new Error(`${written} events were in the log, ${ours.rows} became rows`);
        process.stderr.write(`${round === 0 ? 'warm-up' : `round ${round}`}: ${ours.perSecond.toFixed(0)} rows/s\n`);
        if (round > 0) measured.push(figuresOf(baseline, ours));
      }
      return {
        conditions: [`${rounds} rounds of ${written.toLocaleString('en-GB')} events`],
        rows: [{ rows: written, ...medians(measured) }],
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  tables: ({ rows: [row] }) => [
    [
      ['', 'DuckDB alone', 'loader', 'goal'],
      ['rows a second', cell(row, 'baseline'), cell(row, 'ours'), `≥ ${GOAL.toLocaleString('en-GB')}`],
      ['µs CPU a row', cell(row, 'baseline_cpu_us'), cell(row, 'cpu_us'), ''],
      ['timers late, p99, ms', cell(row, 'baseline_delay_p99_ms'), cell(row, 'delay_p99_ms'), `< ${DELAY_GOAL_MS}`],
      ['timers late, the latest, ms', cell(row, 'baseline_delay_max_ms'), cell(row, 'delay_max_ms'), ''],
      [
        'longest stretch of work between two timers, ms CPU',
        cell(row, 'baseline_stretch_ms'),
        cell(row, 'stretch_ms'),
        '',
      ],
      ['most memory, MB', cell(row, 'baseline_peak_mb'), cell(row, 'peak_mb'), ''],
    ],
  ],
  outcome: ({ rows: [{ ratio }] }) => `The loader runs at ${ratio.toFixed(2)} of DuckDB alone.`,
};

const figuresOf = (baseline, ours) => ({
  baseline: baseline.perSecond,
  ours: ours.perSecond,
  ratio: ours.perSecond / baseline.perSecond,
  cpu_us: ours.cpuUs,
  baseline_cpu_us: baseline.cpuUs,
  delay_p99_ms: ours.delayP99Ms,
  baseline_delay_p99_ms: baseline.delayP99Ms,
  delay_max_ms: ours.delayMaxMs,
  baseline_delay_max_ms: baseline.delayMaxMs,
  stretch_ms: ours.stretchMs,
  baseline_stretch_ms: baseline.stretchMs,
  peak_mb: ours.peakMb,
  baseline_peak_mb: baseline.peakMb,
});

/** The records of a log as lines of plain JSON, which DuckDB reads by itself. */
async function writeRecords(folder, path) {
  async function* lines() {
    for await (const { records } of readLog({ folder }))
      for (const record of records) yield Buffer.concat([record, Buffer.from('\n')]);
  }
  await pipeline(Readable.from(lines(), { objectMode: true }), createWriteStream(path));
}
