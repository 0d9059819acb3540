import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { provenance, writeSection } from './document.mjs';
import { medianOf } from './median.mjs';
import { markdownTable, textTable } from './table.mjs';

/** What `parcours bench` says of this machine, several times. */
const HELP = `Usage: pnpm bench machine [--rounds 3] [--seconds 5] [--json] [--write]

Collector, reader and load on the same cores, as an operator measures. --write publishes the medians in docs/performance.md.`;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

const BIN = new URL('../../packages/parcours/dist/bin.js', import.meta.url).pathname;
const rounds = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const output = execFileSync(process.execPath, [BIN, 'bench', '--json', '--seconds', values.seconds]);
  rounds.push(JSON.parse(output.toString()));
}
const FIGURES = [
  ['events received a second', ({ eventsPerSecond }) => eventsPerSecond],
  ['answered after, median, ms', ({ ack }) => ack.p50Ms],
  ['answered after, p99, ms', ({ ack }) => ack.p99Ms],
  ['events loaded a second', ({ loadedPerSecond }) => loadedPerSecond],
  ['log, MB a million events', ({ bytesPerEvent }) => bytesPerEvent.log],
  ['database, MB a million events', ({ bytesPerEvent }) => bytesPerEvent.database],
  ['sealed days, MB a million events', ({ bytesPerEvent }) => bytesPerEvent.sealed],
];
const told = (value) => Math.round(value).toLocaleString('en');
const rows = FIGURES.map(([name, figure]) => {
  const { median, min, max } = medianOf(rounds.map(figure));
  return [name, told(median), told(min), told(max)];
});
const table = [['', 'median', 'least', 'greatest'], ...rows];
console.log(values.json ? JSON.stringify({ rounds }) : textTable(table));
if (values.write) {
  const conditions = [`${values.rounds} rounds of ${values.seconds} s`, '50 connections'];
  writeSection('machine', `${provenance(conditions)}\n\n${markdownTable(table)}`);
}
