import { growthOfQueue } from './growth/queue.mjs';
import { growthOfSites } from './growth/sites.mjs';
import { growthOfTables } from './growth/tables.mjs';
import { medians } from './median.mjs';
import { cell, told, wholeNumber } from './numbers.mjs';

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `What one event costs where there is little and where there is much: the collector's CPU time at 1, 10 and 100 sites; the loader's
with 1,000 and many events of the last eight days in the tables; a page's while 1 and 200 events wait to be sent. The least of
each is the baseline. Ten million in the tables: --stored 10000000, 4 GB of disk.`,
  options: {
    rounds: ['3', 'figures are medians'],
    seconds: ['3', 'of load for each number of sites in each round'],
    stored: ['1000000', 'events in the tables where there are many'],
    only: ['', 'one of: sites, tables, queue'],
  },
  refuseToWrite: ({ only, rounds }) =>
    only !== '' || Number(rounds) < 3 ? '--write takes all three and at least 3 rounds' : undefined,
  async measure(values) {
    const [rounds, seconds, stored] = ['rounds', 'seconds', 'stored'].map((name) => wholeNumber(values, name));
    const kinds = {
      sites: ['sites', () => growthOfSites({ rounds, seconds, counts: [1, 10, 100] })],
      tables: ['events in the tables', () => growthOfTables({ rounds, counts: [1_000, stored] })],
      queue: ['events queued in the page', () => growthOfQueue({ rounds, counts: [1, 200] })],
    };
    const rows = [];
    for (const [kind, [growing, measure]] of Object.entries(kinds)) {
      if (values.only !== '' && values.only !== kind) continue;
      process.stderr.write(`${kind}\n`);
      rows.push(...rowsOf(growing, await measure()));
    }
    return { conditions: [`${rounds} rounds`], rows };
  },
  tables: ({ rows }) => [
    [
      ['what grows', 'to', 'µs CPU an event', 'to the least'],
      ...rows.map((row) => [row.growing, told(row.count), cell(row, 'us_per_event'), cell(row, 'ratio')]),
    ],
  ],
};

/**
 * @param {string} growing
 * @param {readonly ReadonlyMap<number, number>[]} rounds  µs an event, by how much there was
 */
const rowsOf = (growing, rounds) =>
  [...rounds[0].keys()].map((count, _, [least]) => ({
    growing,
    count,
    ...medians(rounds.map((round) => ({ us_per_event: round.get(count), ratio: round.get(count) / round.get(least) }))),
  }));
