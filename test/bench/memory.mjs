import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { medians } from './median.mjs';
import { cell, wholeNumber } from './numbers.mjs';
import { usageOf } from './process_usage.mjs';
import { startCollector, startReader, writeSecrets } from './servers.mjs';

const GOALS = { collector: 110, reader: 200 };

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `Memory that the processes take while nobody asks anything of them (resident set, as \`ps\` tells it). Beside them an empty Node.
Goals: collector below ${GOALS.collector} MB, reader below ${GOALS.reader} MB. How it grows under load: pnpm soak.`,
  options: {
    rounds: ['3', 'each from a new start; figures are medians'],
    seconds: ['15', 'after the start'],
  },
  async measure(values) {
    const [rounds, seconds] = ['rounds', 'seconds'].map((name) => wholeNumber(values, name));
    const starts = { 'an empty Node': startEmpty, collector: startCollector, reader: startReader };
    const found = new Map(Object.keys(starts).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`round ${round + 1} of ${rounds}\n`);
      for (const [name, start] of Object.entries(starts)) found.get(name).push(await idleMb(start, seconds));
    }
    const [empty] = found.values();
    return {
      conditions: [`${rounds} rounds`, `${seconds} s after the start`],
      rows: [...found].map(([name, all]) => {
        const row = medians(all.map((mb, round) => ({ memory_mb: mb, ratio: mb / empty[round] })));
        return {
          process: name,
          ...row,
          ...(GOALS[name] && { goal: GOALS[name], is_met: row.memory_mb < GOALS[name] }),
        };
      }),
    };
  },
  tables: ({ rows }) => [
    [
      ['idle', 'MB', 'to an empty Node', 'goal', ''],
      ...rows.map((row) => [
        row.process,
        cell(row, 'memory_mb'),
        cell(row, 'ratio'),
        row.goal === undefined ? '' : `< ${row.goal}`,
        row.is_met === undefined ? '' : row.is_met ? 'met' : 'missed',
      ]),
    ],
  ],
};

async function idleMb(start, seconds) {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
  await writeSecrets(folder);
  const server = await start(folder);
  try {
    await wait(seconds * 1000);
    return (await usageOf(server.pid)).rssMb;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startEmpty() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid,
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
