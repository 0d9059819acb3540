import { randomBytes } from 'node:crypto';
import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs';
import { ScriptError } from '../../scripts/step.mjs';
import { medianOf } from './median.mjs';
import { told, wholeNumber } from './numbers.mjs';
import { EVENTS, FAULTS, visitWithFault } from './sdk/faults.mjs';
import { EMPTY } from './sdk/figures.mjs';
import { startSite } from './sdk/site.mjs';
import { openWanted, wantedNames } from './sdk/subjects.mjs';
import { BROWSER_ARGS } from './sdk.mjs';

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `How many of ${EVENTS} events arrive, and how soon, where something goes wrong, beside other trackers: real Chromium, one run. All
trackers meet a fault at the same time, each in a profile of its own and with a server of its own. Some 3 minutes a round.`,
  options: {
    rounds: ['3', 'how often each is visited; figures are medians'],
    only: ['', `names with commas between, of: ${wantedNames('').join(', ')}`],
    faults: ['', `names with commas between, of: ${Object.keys(FAULTS).join(', ')}`],
  },
  refuseToWrite: ({ only, faults, rounds }) =>
    only !== '' || faults !== '' || Number(rounds) < 3
      ? '--write takes all subjects, all faults and at least 3 rounds'
      : undefined,
  async measure(values) {
    const rounds = wholeNumber(values, 'rounds');
    const faults = values.faults === '' ? Object.keys(FAULTS) : values.faults.split(',').map((name) => name.trim());
    const unknown = faults.filter((name) => !Object.hasOwn(FAULTS, name));
    if (unknown.length > 0)
      throw new ScriptError(`--faults: not known: ${unknown.join(', ')}. Known: ${Object.keys(FAULTS).join(', ')}`);
    const executablePath = findChromium();
    if (executablePath === undefined) throw new ScriptError('No Chromium: run node scripts/chromium.mjs');
    const opened = await openWanted(values.only);
    const subjects = opened.filter(({ name }) => name !== EMPTY);
    const site = await startSite(subjects);
    const browser = await chromium.launch({ executablePath, args: [...chromiumArgs(), ...BROWSER_ARGS] });
    try {
      const measured = [];
      for (let round = 0; round < rounds; round++) {
        process.stderr.write(`round ${round + 1} of ${rounds}:`);
        for (const name of faults) {
          process.stderr.write(` ${name}`);
          const visits = subjects.map(async (subject) => ({
            fault: name,
            subject: subject.name,
            ...(await visitWithFault(browser, site, subject, FAULTS[name], randomBytes(6).toString('hex'))),
          }));
          measured.push(...(await Promise.all(visits)));
          const silent = measured.find(({ fault, arrived }) => fault === 'none' && arrived === 0);
          if (silent)
            throw new ScriptError(
              `\n${silent.subject} sent nothing that is understood: test/bench/sdk/dialects.mjs reads or answers it wrongly`,
            );
        }
        process.stderr.write('\n');
      }
      return {
        conditions: [`${rounds} rounds`, `Chromium ${browser.version()}`],
        rows: faults.flatMap((fault) =>
          subjects.map(({ name }) =>
            rowOf(
              fault,
              name,
              measured.filter((one) => one.fault === fault && one.subject === name),
            ),
          ),
        ),
      };
    } finally {
      await browser.close();
      site.stop();
      for (const { recorder } of opened) recorder.stop();
    }
  },
  tables: ({ rows }) => {
    const subjects = [...new Set(rows.map(({ subject }) => subject))];
    const faults = [...new Set(rows.map(({ fault }) => fault))];
    return [
      [
        [`of ${EVENTS}, seconds until the last`, ...subjects, 'goal, s'],
        ...faults.map((fault) => [
          FAULTS[fault].title,
          ...subjects.map((subject) => cellOf(rows.find((row) => row.fault === fault && row.subject === subject))),
          FAULTS[fault].goalMs === undefined ? '' : `≤ ${told(FAULTS[fault].goalMs / 1_000)}`,
        ]),
      ],
    ];
  },
};

/**
 * @param {readonly { arrived: number, copies: number, ms: number }[]} visits
 * @returns {{ fault: string, subject: string, sent: number, arrived: number, copies: number, seconds?: number, seconds_least?: number, seconds_most?: number }}
 *   `arrived` and `copies` in the worst round; `seconds` in the median of the rounds in which any arrived, and absent where none did
 */
function rowOf(fault, subject, visits) {
  const times = visits.map(({ ms }) => ms / 1_000).filter(Number.isFinite);
  const { median, min, max } = times.length > 0 ? medianOf(times) : {};
  return {
    fault,
    subject,
    sent: EVENTS,
    arrived: Math.min(...visits.map(({ arrived }) => arrived)),
    copies: Math.max(...visits.map(({ copies }) => copies)),
    ...(times.length > 0 && { seconds: median, seconds_least: min, seconds_most: max }),
  };
}

const cellOf = ({ arrived, copies, seconds }) =>
  [arrived, ...(seconds === undefined ? [] : [`in ${told(seconds)}`]), ...(copies > 0 ? [`, ${copies} again`] : [])]
    .join(' ')
    .replace(' ,', ',');
