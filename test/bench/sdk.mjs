import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs';
import { ScriptError } from '../../scripts/step.mjs';
import { wholeNumber } from './numbers.mjs';
import { figuresOf, tableOf } from './sdk/figures.mjs';
import { startSite } from './sdk/site.mjs';
import { openWanted, wantedNames } from './sdk/subjects.mjs';
import { THROTTLE, visit } from './sdk/visit.mjs';

/** Nothing but this machine is reached, and a page that is left is gone, not kept for the way back. */
export const BROWSER_ARGS = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
  '--disable-features=BackForwardCache',
  // Otherwise pages are told that a program drives the browser, and one of the peers stays silent.
  '--disable-blink-features=AutomationControlled',
];

async function measureAll(subjects, { browser, site, rounds }) {
  const say = (text) => process.stderr.write(text);
  say('warming up\n');
  for (const subject of subjects.slice(0, 2)) await visit(browser, site, subject);
  const measured = [];
  for (let round = 0; round < rounds; round++) {
    say(`round ${round + 1} of ${rounds}:`);
    const inRound = new Map();
    // Each round begins with another, so that none is always the first.
    for (let n = 0; n < subjects.length; n++) {
      const subject = subjects[(n + round) % subjects.length];
      say(` ${subject.name}`);
      const figures = await visit(browser, site, subject);
      // A page that sends nothing costs little.
      if (subject.kind === 'parcours' && figures.arrived === 0)
        throw new ScriptError(
          `\n${subject.name} sent nothing that is valid: test/bench/sdk/dialects.mjs answers it wrongly`,
        );
      inRound.set(subject.name, figures);
    }
    say('\n');
    measured.push(inRound);
  }
  return measured;
}

/** @type {import('./run.mjs').Bench} */
export const bench = {
  help: `What a page pays for Parcours, beside an empty page and other trackers: real Chromium, one run, in turns. Loads each page,
then calls its tracker 1,000 times, with the processor slowed down ${THROTTLE} times. The first run installs the peers into
test/bench/peers. About 2 minutes a round; run nothing beside it.`,
  options: {
    rounds: ['5', 'how often each is visited; figures are medians'],
    only: ['', `names with commas between, of: ${wantedNames('').join(', ')}`],
  },
  refuseToWrite: ({ only, rounds }) =>
    only !== '' || Number(rounds) < 3 ? '--write takes all subjects and at least 3 rounds' : undefined,
  async measure(values) {
    const rounds = wholeNumber(values, 'rounds');
    const executablePath = findChromium();
    if (executablePath === undefined) throw new ScriptError('No Chromium: run node scripts/chromium.mjs');
    const subjects = await openWanted(values.only);
    const site = await startSite(subjects);
    const browser = await chromium.launch({ executablePath, args: [...chromiumArgs(), ...BROWSER_ARGS] });
    try {
      const measured = await measureAll(subjects, { browser, site, rounds });
      return {
        conditions: [`${rounds} rounds`, `Chromium ${browser.version()}`],
        rows: figuresOf(subjects, measured),
      };
    } finally {
      await browser.close();
      site.stop();
      for (const { recorder } of subjects) recorder.stop();
    }
  },
  tables: ({ rows }) => [tableOf(rows)],
};
