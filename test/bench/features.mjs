import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import configs from '../../rollup.sdk.mjs';

/** The browser package, as its own files describe it: nothing here has to be told of a new feature. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SDK = join(ROOT, 'packages/sdk');

/** Imports that are a tracker by themselves. */
const TRACKERS = ['.', './core'];

/**
 * An import of its own beside `.` and the bare core.
 *
 * @typedef {object} Feature
 * @property {string} name      as imported: `clicks`
 * @property {string} source    absolute path
 * @property {boolean} isObserver  can be added to a script tag
 */

const exported = () => Object.entries(JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8')).exports);

/** What makes a tracker, as an app imports it. */
export const trackers = () =>
  exported()
    .map(([path]) => path)
    .filter((path) => TRACKERS.includes(path))
    .map((path) => path.replace('.', '@parcours/sdk'));

/** @returns {readonly Feature[]} */
export function features() {
  return exported()
    .filter(([path]) => !TRACKERS.includes(path) && !path.endsWith('.js'))
    .map(([path, source]) => ({
      name: path.replace('./', ''),
      source: join(SDK, source),
      isObserver: source.startsWith('./src/observers/'),
    }));
}

/**
 * The script tags of the browser package, each with how it is built.
 *
 * @returns {readonly { name: string, config: import('rollup').RollupOptions }[]}
 */
export const scripts = () =>
  configs
    .filter(({ output }) => output.file !== undefined)
    .map((config) => ({
      name: basename(config.output.file),
      config: { ...config, input: join(ROOT, config.input) },
    }));

/** What every script tag has and an import need not: a name, and the module that it stands in. */
export const parts = () =>
  [
    { name: 'page views', source: 'src/observers/page_views.ts' },
    { name: 'queue on disk', source: 'src/queue/idb.ts' },
  ].map(({ name, source }) => ({ name, source: join(SDK, source) }));
