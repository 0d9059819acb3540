import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { medians } from './median.mjs';
import { cell, wholeNumber } from './numbers.mjs';

const BIN = new URL('../../packages/parcours/dist/bin.js', import.meta.url).pathname;

const CASES = {
  'an empty Node': ['-e', 'console.log("{}"); setInterval(() => {}, 1000)'],
  'parcours micro': [BIN, 'micro', '--port', '0', '--json'],
};

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `How long \`parcours micro\` takes from the start of its process to the line that says it is ready. Goal: within a second.
Beside it, an empty Node: what no program of Node can be quicker than.`,
  options: { rounds: ['10', 'how often each is started; figures are medians'] },
  async measure(values) {
    const times = new Map(Object.keys(CASES).map((name) => [name, []]));
    const rounds = wholeNumber(values, 'rounds');
    // Files are in the system's cache from here on.
    for (const args of Object.values(CASES)) await firstLine(args);
    // In turns, so that other work on the machine disturbs both alike.
    for (let round = 0; round < rounds; round++) {
      for (const [name, args] of Object.entries(CASES)) times.get(name).push(await firstLine(args));
    }
    const [empty] = times.values();
    return {
      conditions: [`${rounds} rounds`],
      rows: [...times].map(([name, all]) => ({
        case: name,
        ...medians(all.map((ms, round) => ({ ms, ratio: ms / empty[round] }))),
      })),
    };
  },
  tables: ({ rows }) => [
    [
      ['to the first line', 'ms', 'to an empty Node'],
      ...rows.map((row) => [row.case, cell(row, 'ms'), cell(row, 'ratio')]),
    ],
  ],
};

/** Ms until the first line of a process. */
async function firstLine(args) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const ms = performance.now() - start;
  child.kill();
  await once(child, 'exit');
  return ms;
}
