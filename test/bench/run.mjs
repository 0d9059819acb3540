/** `pnpm bench <name> [flags]`: each benchmark is a file of this folder; all need `npm run build` first. */
import './as_built.mjs';
import { parseArgs } from 'node:util';
import { main, ScriptError } from '../../scripts/step.mjs';
import { DOCUMENT, hasSection, publish, writeSection } from './document.mjs';
import { isBusy, reportOf, thisMachine } from './report.mjs';
import { markdownOf, textOf } from './section.mjs';

/**
 * What a file of this folder exports as `bench`.
 *
 * @typedef {object} Bench
 * @property {string} help      after the usage: what is measured, what the figures mean
 * @property {Readonly<Record<string, readonly [standard: string | boolean, what: string]>>} options  of its own; all benches have
 *   `--json`, `--write` and `--help`
 * @property {(values: Readonly<Record<string, string | boolean>>) => string | undefined} [refuseToWrite]  why such a run is not published
 * @property {boolean} [isReproducible]  the same on any machine: only the tables are kept, not the report
 * @property {(values: Readonly<Record<string, string | boolean>>) => Promise<{ conditions: readonly string[], rows: readonly object[] }>}
 *   measure  tells how far it is on standard error
 * @property {(report: import('./report.mjs').Report) => readonly (readonly (readonly (string | number)[])[])[]} tables  each as its rows, the
 *   first of them the head
 * @property {(report: import('./report.mjs').Report) => string} [outcome]  a sentence
 * @property {(report: import('./report.mjs').Report) => boolean} [isFailed]  whether the command ends with exit code 1
 */

const BENCHMARKS = {
  collector: 'ingest beside the least that a server can do',
  delivery: 'what arrives and how soon where something goes wrong, beside other trackers',
  growth: 'what one event costs where there is little and where there is much',
  loader: 'how quickly a log becomes rows',
  machine: 'what one machine receives, loads and keeps, as `parcours bench` tells it',
  memory: 'what the processes take while nobody asks anything of them',
  micro: 'how soon `parcours micro` is ready',
  rebuild: 'how soon a lost database is there again',
  sdk: 'what a page pays, beside an empty page and other trackers',
  soak: 'whether memory and open files stay as they are under load, for long',
  subject: 'how soon a person is found, and erased',
  weights: 'what each feature of the browser script weighs',
};

const EVERY = {
  json: [false, 'prints { name, machine, measured, conditions, rows } as JSON and nothing else'],
  write: [false, 'publishes the figures in docs/performance.md'],
  help: [false, 'prints this'],
};

const [name = '', ...flags] = process.argv.slice(2);

await main(async () => {
  if (!Object.hasOwn(BENCHMARKS, name)) {
    console.log('Usage: pnpm bench <name> [--help]\n');
    for (const [known, what] of Object.entries(BENCHMARKS)) console.log(`  ${known.padEnd(10)} ${what}`);
    process.exitCode = name === '' || name === '--help' ? 0 : 1;
    return;
  }
  /** @type {{ bench: Bench }} */
  const { bench } = await import(`./${name}.mjs`);
  const options = { ...bench.options, ...EVERY };
  const values = readFlags(flags, options);
  if (values.help) return console.log(helpOf(name, bench, options));
  const refusal = values.write ? (bench.refuseToWrite?.(values) ?? placeFault(name)) : undefined;
  if (refusal !== undefined) throw new ScriptError(refusal);
  const machine = thisMachine();
  if (!bench.isReproducible && isBusy(machine))
    process.stderr.write(`The machine is busy (load ${machine.load}): times will be too long.\n`);
  const report = reportOf({ name, machine, ...(await bench.measure(values)) });
  console.log(values.json ? JSON.stringify(report, null, 2) : textOf(bench, report));
  if (bench.isFailed?.(report)) process.exitCode = 1;
  if (!values.write) return;
  const body = markdownOf(bench, report);
  if (bench.isReproducible) writeSection(name, body);
  else publish(report, body);
});

/** Told before anything is measured. */
function placeFault(name) {
  if (hasSection(name)) return undefined;
  return `--write: ${DOCUMENT} has no place for ${name}; its figures are for whoever measures`;
}

function readFlags(args, options) {
  const known = Object.entries(options).map(([option, [standard]]) => [
    option,
    { type: typeof standard === 'boolean' ? 'boolean' : 'string', default: standard },
  ]);
  try {
    return parseArgs({ args, options: Object.fromEntries(known) }).values;
  } catch (error) {
    throw new ScriptError(error.message);
  }
}

function helpOf(name, { help }, options) {
  const lines = Object.entries(options).map(([option, [standard, what]]) => {
    const flag = typeof standard === 'boolean' ? `--${option}` : `--${option} <value>`;
    return `  ${flag.padEnd(22)} ${what}${standard ? ` (default ${standard})` : ''}`;
  });
  return `Usage: pnpm bench ${name} [options]\n\n${help}\n\n${lines.join('\n')}`;
}
