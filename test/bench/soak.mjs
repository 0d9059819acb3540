import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScriptError } from '../../scripts/step.mjs';
import { createBatches } from './batches.mjs';
import { checkTaken, sendTo } from './load.mjs';
import { someNumber, told } from './numbers.mjs';
import { sendAtRate } from './paced.mjs';
import { usageOf } from './process_usage.mjs';
import { configOf, writeSecrets } from './servers.mjs';
import { growthPerMinute } from './slope.mjs';

const BIN = fileURLToPath(new URL('../../packages/parcours/dist/bin.js', import.meta.url));
const EVENTS = 10;
const CONNECTIONS = 50;
/** Those of the load, of the parent, and the one that listens; the load opens as many as it needs just then. */
const MOST_CONNECTIONS = CONNECTIONS + 10;
const SAMPLE_MS = 2_000;
/** Until then heaps find their size: growth counts after it. */
const SETTLING = 0.25;
/** A shorter run tells its figures and judges none of them: while a heap still settles it grows. */
const JUDGED_MINUTES = 30;
const SLOPE_GOAL = 1;
/** None: what grows by less comes and goes. */
const FILES_GOAL = 1;
/** Log and database of an event, generously. */
const BYTES_AN_EVENT = 1_000;

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `The program as it is served, collector and reader, under an even load for long: memory and open files of both, and whether each
batch is answered. Goals: memory grows by less than ${SLOPE_GOAL} MB in ten minutes, open files not at all, nothing is refused. Judged from
${JUDGED_MINUTES} minutes on; exit code 1 where a goal is missed.`,
  options: {
    minutes: ['60', 'for which it is sent to'],
    share: ['30', 'of what this machine takes, percent'],
  },
  async measure(values) {
    const [minutes, share] = ['minutes', 'share'].map((name) => someNumber(values, name));
    const folder = await mkdtemp(join(tmpdir(), 'parcours-soak-'));
    try {
      const { next } = createBatches(await writeSecrets(folder));
      const program = await startProgram(folder);
      try {
        const load = { connections: CONNECTIONS, next };
        await checkTaken(program, next);
        await sendTo(program, { ...load, seconds: 3 });
        const { perSecond: most } = await sendTo(program, { ...load, seconds: 8 });
        const perSecond = (most * share) / 100;
        await requireDisk(folder, perSecond * EVENTS * minutes * 60 * BYTES_AN_EVENT);
        process.stderr.write(`${told(perSecond * EVENTS)} events a second for ${minutes} minutes\n`);
        const watch = watchProcesses(program.parts);
        const { sent, refused, leftOut, p50, p99 } = await sendAtRate(program, {
          ...load,
          perSecond,
          seconds: minutes * 60,
        });
        const isJudged = minutes >= JUDGED_MINUTES;
        return {
          conditions: [`${minutes} minutes`, `${told(perSecond * EVENTS)} events a second, ${share} % of the most`],
          rows: [
            ...watch.stop().map((row) => ({ ...row, ...(isJudged && { is_met: isFlat(row) }) })),
            {
              process: 'answers',
              sent,
              refused,
              left_out: leftOut,
              p50_ms: p50,
              p99_ms: p99,
              ...(isJudged && { is_met: refused + leftOut === 0 }),
            },
          ],
        };
      } finally {
        await program.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  isFailed: ({ rows }) => rows.some(({ is_met }) => is_met === false),
  tables: ({ rows }) => [
    [
      ['', 'MB at first', 'at last', 'in ten minutes', 'open files at first', 'at last', 'connections', ''],
      ...rows
        .filter(({ process }) => process !== 'answers')
        .map((row) => [
          row.process,
          told(row.memory_first_mb),
          told(row.memory_last_mb),
          told(row.growth_mb_per_10_min),
          row.files_first,
          row.files_last,
          row.connections_most,
          verdict(row),
        ]),
    ],
    [
      ['batches sent', 'not answered with 200', 'left out, with 100 under way', 'p50, ms', 'p99, ms', ''],
      ...rows
        .filter(({ process }) => process === 'answers')
        .map((row) => [
          told(row.sent),
          told(row.refused),
          told(row.left_out),
          told(row.p50_ms),
          told(row.p99_ms),
          verdict(row),
        ]),
    ],
  ],
};

const verdict = ({ is_met }) => (is_met === undefined ? 'too short to judge' : is_met ? 'met' : 'missed');

const isFlat = ({ growth_mb_per_10_min, growth_files_per_10_min, connections_most }) =>
  growth_mb_per_10_min < SLOPE_GOAL && growth_files_per_10_min < FILES_GOAL && connections_most < MOST_CONNECTIONS;

/** `parcours serve` with its processes; its own choice of ports. */
async function startProgram(folder) {
  const { sites, rateLimits, metricsFrom, logLevel } = configOf(folder, 1);
  const config = join(folder, 'parcours.config.json');
  await writeFile(
    config,
    JSON.stringify({ data: folder, port: 0, consolePort: 0, sites, rateLimits, metricsFrom, logLevel }),
  );
  const program = spawn(process.execPath, [BIN, 'serve', '--json', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(program, 'exit');
  const line = await Promise.race([
    once(program.stdout, 'data').then(([data]) => `${data}`),
    gone.then(() => undefined),
  ]);
  if (line === undefined) throw new ScriptError('parcours serve did not start');
  const { collector } = JSON.parse(line);
  return {
    pid: program.pid,
    url: `${collector.replace('localhost', '127.0.0.1')}/v1/events`,
    parts: await partsOf(program.pid),
    async stop() {
      program.kill('SIGTERM');
      await gone;
    },
  };
}

/** Process ids of the program's parts, by the names that they give themselves. */
async function partsOf(pid) {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
  const parts = [['parent', pid]];
  for (const child of children) {
    const title = await readFile(`/proc/${child}/cmdline`, 'utf8');
    const name = ['collector', 'reader'].find((role) => title.includes(role));
    if (name) parts.push([name, Number(child)]);
  }
  return parts;
}

function watchProcesses(parts) {
  const started = performance.now();
  const samples = new Map(parts.map(([name]) => [name, []]));
  const timer = setInterval(() => {
    const ms = performance.now() - started;
    for (const [name, pid] of parts)
      usageOf(pid).then(
        ({ rssMb, files, sockets }) => samples.get(name).push({ ms, memory: rssMb, files, sockets }),
        () => undefined,
      );
  }, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return [...samples].map(([name, all]) => rowOf(name, all));
    },
  };
}

function rowOf(name, all) {
  const settled = all.slice(Math.floor(all.length * SETTLING));
  const quarter = Math.max(1, Math.floor(settled.length / 4));
  const least = (part, figure) => Math.min(...part.map((sample) => sample[figure]));
  const growth = (figure) => growthPerMinute(settled.map((sample) => ({ ms: sample.ms, value: sample[figure] }))) * 10;
  const [first, last] = [settled.slice(0, quarter), settled.slice(-quarter)];
  return {
    process: name,
    memory_first_mb: least(first, 'memory'),
    memory_last_mb: least(last, 'memory'),
    growth_mb_per_10_min: growth('memory'),
    files_first: least(first, 'files'),
    files_last: least(last, 'files'),
    growth_files_per_10_min: growth('files'),
    connections_most: Math.max(...settled.map(({ sockets }) => sockets)),
  };
}

async function requireDisk(folder, bytes) {
  const { bavail, bsize } = await statfs(folder);
  const gb = (number) => (number / 1e9).toFixed(1);
  if (bavail * bsize < bytes * 1.2)
    throw new ScriptError(
      `the run needs some ${gb(bytes)} GB in ${folder}, and ${gb(bavail * bsize)} are free: --minutes, --share or TMPDIR`,
    );
}
