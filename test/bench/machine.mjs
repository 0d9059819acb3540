import { execFileSync } from 'node:child_process';
import { medians } from './median.mjs';
import { told, wholeNumber } from './numbers.mjs';

const BIN = new URL('../../packages/parcours/dist/bin.js', import.meta.url).pathname;

const FIGURES = [
  ['events received a second', ({ eventsPerSecond }) => eventsPerSecond],
  ['answered after, median, ms', ({ ack }) => ack.p50Ms],
  ['answered after, p99, ms', ({ ack }) => ack.p99Ms],
  ['events loaded a second', ({ loadedPerSecond }) => loadedPerSecond],
  ['log, MB a million events', ({ bytesPerEvent }) => bytesPerEvent.log],
  ['database, MB a million events', ({ bytesPerEvent }) => bytesPerEvent.database],
  ['sealed days, MB a million events', ({ bytesPerEvent }) => bytesPerEvent.sealed],
];

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: 'What `parcours bench` says of this machine, several times: collector, reader and load on the same cores.',
  options: {
    rounds: ['3', 'how often it is run; figures are medians'],
    seconds: ['5', 'of load in each'],
  },
  async measure(values) {
    const rounds = [];
    for (let round = 0; round < wholeNumber(values, 'rounds'); round++) {
      process.stderr.write(`round ${round + 1} of ${values.rounds}\n`);
      const output = execFileSync(process.execPath, [BIN, 'bench', '--json', '--seconds', `${values.seconds}`]);
      rounds.push(JSON.parse(output.toString()));
    }
    return {
      conditions: [`${values.rounds} rounds of ${values.seconds} s`, '50 connections'],
      rows: FIGURES.map(([figure, of]) => ({ figure, ...medians(rounds.map((round) => ({ value: of(round) }))) })),
    };
  },
  tables: ({ rows }) => [
    [
      ['', 'median', 'least', 'greatest'],
      ...rows.map(({ figure, value, spread }) => [figure, told(value), ...spread.value.map(told)]),
    ],
  ],
};
