import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatches } from './batches.mjs';
import { checkTaken, sendTo } from './load.mjs';
import { medians } from './median.mjs';
import { cell, told, wholeNumber } from './numbers.mjs';
import { sendAtRate } from './paced.mjs';
import { pinThis } from './pin.mjs';
import { startBaseline, startCollector, writeSecrets } from './servers.mjs';

const BATCHES = [1, 10, 100];
const GOAL = 0.8;
const FLOOR = 0.65;
const WARM_UP_SECONDS = 3;
/** Share of what a server takes at most, at which answers are timed: a server that is always full tells only how long its queue is. */
const CALM = 0.7;
/** Above this share of its core the load and not the server may be what is measured. */
const LOAD_LIMIT = 0.95;

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `How near the collector runs to the least that a server can do (test/bench/baseline.mjs): same machine, same run, in turns.
Server on one core, load on another, where the system can pin them. Batches of 1, 10 and 100 events (10 are about 8 KB). Beside
the requests a second it tells the CPU time of one, which other work on the machine disturbs less.
Goal ${GOAL} of the baseline at batches of 10, floor ${FLOOR}; p99 at 70 % of the load that each takes: below 5 times the baseline's.`,
  options: {
    rounds: ['5', 'figures are medians of these'],
    seconds: ['3', 'of full load, and of 70 % of it, for each server and each size of batch in each round'],
    connections: ['50', 'that send'],
  },
  async measure(values) {
    const [rounds, seconds, connections] = ['rounds', 'seconds', 'connections'].map((name) =>
      wholeNumber(values, name),
    );
    pinThis(1);
    const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
    try {
      const { receiptKey } = await writeSecrets(folder);
      const sources = BATCHES.map((events) => createBatches({ receiptKey, events }));
      const servers = { baseline: startBaseline, ours: startCollector };
      const measured = [];
      for (let round = 0; round < rounds; round++) {
        const found = {};
        // Each round begins with the other.
        const order = round % 2 === 0 ? ['baseline', 'ours'] : ['ours', 'baseline'];
        for (const name of order) {
          found[name] = await measureServer(() => servers[name](folder), { sources, seconds, connections });
          tell(name, found[name]);
        }
        measured.push(found);
      }
      return {
        conditions: [`${rounds} rounds of ${seconds} s`, `${connections} connections`],
        rows: BATCHES.map((batch, n) => ({
          batch,
          ...medians(measured.map(({ baseline, ours }) => figuresOf(batch, baseline[n], ours[n]))),
        })),
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  tables: ({ rows }) => [
    [
      [
        'events a batch',
        'baseline, batches a second',
        'collector',
        'ratio',
        'ratio by CPU',
        'baseline p50, p99, ms',
        'collector p50, p99, ms',
        'p99 at 70 % of the most, baseline, collector, ms',
        'collector, events a second',
        'µs CPU an event',
        'memory, MB',
      ],
      ...rows.map((row) => [
        row.batch,
        cell(row, 'baseline'),
        cell(row, 'ours'),
        cell(row, 'ratio'),
        cell(row, 'cpu_ratio'),
        `${told(row.baseline_p50_ms)}, ${told(row.baseline_p99_ms)}`,
        `${told(row.p50_ms)}, ${told(row.p99_ms)}`,
        `${told(row.baseline_calm_p99_ms)}, ${told(row.calm_p99_ms)}`,
        cell(row, 'events_per_second'),
        cell(row, 'cpu_us_per_event'),
        told(row.memory_mb),
      ]),
    ],
  ],
  outcome({ rows }) {
    const { ratio, cpu_ratio } = rows.find(({ batch }) => batch === 10);
    const verdict = ratio >= GOAL ? 'goal met' : ratio >= FLOOR ? 'goal missed, floor met' : 'floor missed';
    return `At batches of 10 the collector runs at ${ratio.toFixed(2)} of the baseline (${verdict}), ${cpu_ratio.toFixed(2)} by CPU time.`;
  },
};

/** One server with batches of each size, in turns; new, so that none profits of what another has warmed. */
async function measureServer(start, { sources, seconds, connections }) {
  const server = await start();
  try {
    const found = [];
    for (const { next } of sources) await checkTaken(server, next);
    // Until the compiler has settled: the collector has ten times the code of the baseline.
    for (const { next } of sources)
      await sendTo(server, { seconds: WARM_UP_SECONDS / sources.length, connections, next });
    for (const { next } of sources) {
      await sendTo(server, { seconds: 0.5, connections, next });
      const full = await sendTo(server, { seconds, connections, next });
      const calm = await sendAtRate(server, { seconds, connections, next, perSecond: full.perSecond * CALM });
      found.push({ ...full, calmP99: calm.p99 });
    }
    return found;
  } finally {
    await server.stop();
  }
}

const figuresOf = (batch, baseline, ours) => ({
  baseline: baseline.perSecond,
  ours: ours.perSecond,
  // Of the two that ran one after the other: what slows the machine down for a while slows both.
  ratio: ours.perSecond / baseline.perSecond,
  cpu_ratio: baseline.cpuUs / ours.cpuUs,
  p50_ms: ours.p50,
  p99_ms: ours.p99,
  baseline_p50_ms: baseline.p50,
  baseline_p99_ms: baseline.p99,
  calm_p99_ms: ours.calmP99,
  baseline_calm_p99_ms: baseline.calmP99,
  calm_p99_ratio: ours.calmP99 / baseline.calmP99,
  events_per_second: ours.perSecond * batch,
  cpu_us_per_event: ours.cpuUs / batch,
  baseline_cpu_us_per_event: baseline.cpuUs / batch,
  memory_mb: ours.rssMb,
  refused: ours.refused + baseline.refused,
  load: Math.max(ours.load, baseline.load),
});

function tell(name, found) {
  const figures = found.map(({ perSecond, cpuUs, load, refused }, n) => {
    const notes = [load > LOAD_LIMIT && 'the load is the limit', refused > 0 && `${refused} refused`].filter(Boolean);
    return `${BATCHES[n]}: ${perSecond.toFixed(0)}/s ${cpuUs.toFixed(0)} µs${notes.map((note) => ` (${note})`).join('')}`;
  });
  process.stderr.write(`${name.padEnd(9)} ${figures.join('  ')}\n`);
}
