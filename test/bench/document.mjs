import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where figures are published. What stands between the marks of a section is a benchmark's, the rest is written by hand. */
export const DOCUMENT = 'docs/performance.md';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const startOf = (name) => `<!-- bench: ${name} -->`;
const END = '<!-- /bench -->';

/**
 * What stands in a section now.
 *
 * @param {string} text
 * @param {string} name
 * @throws where the document has no such section
 */
export function sectionOf(text, name) {
  const [from, to] = placeOf(text, name);
  return text.slice(from, to).trim();
}

/**
 * The document with another text in a section.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} body
 * @throws where the document has no such section
 */
export function withSection(text, name, body) {
  const [from, to] = placeOf(text, name);
  return `${text.slice(0, from)}\n\n${body.trim()}\n\n${text.slice(to)}`;
}

/** Whether the document tells a benchmark's figures. */
export const hasSection = (name) => readFileSync(`${ROOT}${DOCUMENT}`, 'utf8').includes(startOf(name));

const RESULTS = 'test/bench/results';

/**
 * The report that the figures of a section were made of.
 *
 * @param {string} name
 * @returns {import('./report.mjs').Report}
 */
export const publishedReport = (name) => JSON.parse(readFileSync(`${ROOT}${RESULTS}/${name}.json`, 'utf8'));

/**
 * Publishes figures: the report as it is, and its section in the document.
 *
 * @param {import('./report.mjs').Report} report
 * @param {string} body
 */
export function publish(report, body) {
  const path = `${ROOT}${RESULTS}/${report.name}.json`;
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  format(path);
  writeSection(report.name, body);
}

/**
 * Writes a section of the published figures, formatted as all Markdown of the project is.
 *
 * @param {string} name
 * @param {string} body
 */
export function writeSection(name, body) {
  const path = `${ROOT}${DOCUMENT}`;
  writeFileSync(path, withSection(readFileSync(path, 'utf8'), name, body));
  format(path);
}

function format(path) {
  const biome = `${ROOT}node_modules/@biomejs/biome/bin/biome`;
  execFileSync(process.execPath, [biome, 'format', '--write', path], { cwd: ROOT, stdio: 'ignore' });
}

function placeOf(text, name) {
  const start = text.indexOf(startOf(name));
  const from = start + startOf(name).length;
  const to = text.indexOf(END, from);
  if (start < 0 || to < 0) throw new Error(`${DOCUMENT} has no section "${startOf(name)}" that "${END}" ends`);
  return [from, to];
}
