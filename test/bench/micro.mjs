import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { medianOf } from './median.mjs';
import { textTable } from './table.mjs';

/** How long `parcours micro` takes from the start of its process to the line that says it is ready. Goal: within a second. */
const HELP = `Usage: pnpm bench micro [--rounds 10]

Beside it, an empty Node: what no program of Node can be quicker than.`;
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' }, help: { type: 'boolean' } } });
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const BIN = new URL('../../packages/parcours/dist/bin.js', import.meta.url).pathname;
const CASES = {
  'an empty Node': ['-e', 'console.log("{}"); setInterval(() => {}, 1000)'],
  'parcours micro': [BIN, 'micro', '--port', '0', '--json'],
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

const times = new Map(Object.keys(CASES).map((name) => [name, []]));
// In turns, so that other work on the machine disturbs both alike.
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, args] of Object.entries(CASES)) times.get(name).push(await firstLine(args));
}
const rows = [...times].map(([name, all]) => {
  const { median, min, max } = medianOf(all.map(Math.round));
  return [name, `${median} ms`, `${min} to ${max} ms`];
});
console.log(textTable([['to the first line', 'median', 'range'], ...rows]));
