import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs';
import { main, ScriptError } from '../../scripts/step.mjs';
import { provenance, writeSection } from './document.mjs';
import { figuresOf, rowsOf } from './sdk/figures.mjs';
import { installPeers } from './sdk/peers.mjs';
import { startSite } from './sdk/site.mjs';
import { names, openSubjects } from './sdk/subjects.mjs';
import { THROTTLE, visit } from './sdk/visit.mjs';
import { markdownTable, textTable } from './table.mjs';

/** What a page pays for Parcours, beside an empty page and other trackers: real Chromium, one run, in turns. */
const HELP = `Usage: pnpm bench sdk [--rounds 5] [--only names] [--json] [--write]

Loads each page in turn, then calls its tracker 1,000 times, with the processor slowed down ${THROTTLE} times. The first run
installs the peers into test/bench/peers. About 2 minutes a round; run nothing beside it.

  --rounds  how often each is visited (default 5); figures are medians
  --only    names with commas between, of: ${names().join(', ')}
  --json    every visit and the medians, as JSON
  --write   publishes the table in docs/performance.md; all subjects, at least 3 rounds`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Nothing but this machine is reached, and a page that is left is gone, not kept for the way back. */
const ARGS = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost',
  '--disable-features=BackForwardCache',
  // Otherwise pages are told that a program drives the browser, and one of the peers stays silent.
  '--disable-blink-features=AutomationControlled',
];

async function measureAll(subjects, { browser, site, rounds }) {
  const say = (text) => process.stderr.write(text);
  const [load] = loadavg();
  if (load > cpus().length / 4) say(`The machine is busy (load ${load.toFixed(1)}): times will be too long.\n`);
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
      inRound.set(subject.name, await visit(browser, site, subject));
    }
    say('\n');
    measured.push(inRound);
  }
  return measured;
}

await main(async () => {
  if (values.help) return console.log(HELP);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new ScriptError('--rounds must be a whole number from 1 on');
  const wanted = values.only?.split(',').map((name) => name.trim()) ?? names();
  const unknown = wanted.filter((name) => !names().includes(name));
  if (unknown.length > 0)
    throw new ScriptError(`--only: not known: ${unknown.join(', ')}. Known: ${names().join(', ')}`);
  if (values.write && (values.only !== undefined || rounds < 3)) {
    throw new ScriptError('--write takes all subjects and at least 3 rounds');
  }
  const executablePath = findChromium();
  if (executablePath === undefined) throw new ScriptError('No Chromium: run node scripts/chromium.mjs');
  installPeers();
  const subjects = await openSubjects(wanted);
  const site = await startSite(subjects);
  const browser = await chromium.launch({ executablePath, args: [...chromiumArgs(), ...ARGS] });
  try {
    const measured = await measureAll(subjects, { browser, site, rounds });
    const figures = figuresOf(subjects, measured);
    const rows = rowsOf(subjects, figures);
    if (values.json) {
      const plain = figures.map(({ values, ...rest }) => ({ ...rest, values: Object.fromEntries(values) }));
      console.log(
        JSON.stringify({ rounds: measured.map((round) => Object.fromEntries(round)), figures: plain }, null, 2),
      );
    } else {
      console.log(textTable(rows));
    }
    if (values.write) {
      const conditions = [`${rounds} rounds`, `Chromium ${browser.version()}`];
      writeSection('sdk', `${provenance(conditions)}\n\n${markdownTable(rows)}`);
    }
  } finally {
    await browser.close();
    site.stop();
    for (const { recorder } of subjects) recorder.stop();
  }
});
