import { cpus, loadavg, release, totalmem, type } from 'node:os';

/**
 * What every benchmark gives: `pnpm bench <name> --json` prints it, the tables of docs/performance.md are made of it.
 *
 * @typedef {object} Report
 * @property {string} name
 * @property {Machine} machine
 * @property {string} measured    the day, UTC
 * @property {readonly string[]} conditions  such as `5 rounds of 4 s`
 * @property {readonly object[]} rows
 *
 * @typedef {{ cpu: string, cores: number, memory_gb: number, load: number, system: string, node: string }} Machine  `load`: how many
 *   programs wanted to run when the measurement began, those of the minute before on average
 */

/** @returns {Machine} */
export const thisMachine = () => ({
  cpu: cpus()[0].model.trim(),
  cores: cpus().length,
  memory_gb: Math.round(totalmem() / 1e9),
  load: Math.round(loadavg()[0] * 10) / 10,
  system: `${type()} ${release().split('-')[0]}`,
  node: process.versions.node,
});

/**
 * @param {{ name: string, machine: Machine, conditions: readonly string[], rows: readonly object[] }} measured
 * @returns {Report}
 */
export const reportOf = ({ name, machine, conditions, rows }) => ({
  name,
  machine,
  measured: new Date().toISOString().slice(0, 10),
  conditions,
  rows,
});

/**
 * Under which conditions figures came about, as a sentence, or two where they are worse than the machine's own.
 *
 * @param {Report} report
 */
export function provenance({ measured, conditions, machine: { node, cores, cpu, load } }) {
  const told = `Measured ${measured}: ${[...conditions, `Node ${node}`, `${cores} cores (${cpu})`].join(', ')}.`;
  return isBusy({ cores, load })
    ? `${told} The machine had other work (load ${load}): compare, but take no time for its own.`
    : told;
}

/** Whether a quarter of the processor was taken before anything was measured. */
export const isBusy = ({ cores, load }) => load > cores / 4;
