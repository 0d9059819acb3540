/**
 * `npm run build`: bundles and declarations into each `dist`. With `--if-changed` bundles alone, and only where something of
 * what they are made of, or of themselves, is not as the last build left it: for `npm start`, which needs nothing else.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fingerprint } from './fingerprint.mjs';
import { main, ROOT, step } from './step.mjs';

const LEFT = join(ROOT, 'node_modules/.cache/build.json');

/** Whatever has a say in what a bundle holds; tests lie beside the source and have none. @param {string} path */
const isInput = (path) =>
  (/^packages\/[^/]+\/(src\/|package\.json$)/.test(path) && !/\.test\.tsx?$/.test(path)) ||
  /^(rollup[\w.]*\.mjs|tsconfig\.base\.json|pnpm-lock\.yaml)$/.test(path);

/** @param {string} path */
const isBundle = (path) => /^packages\/[^/]+\/dist\/.*\.js$/.test(path);

const state = () => JSON.stringify({ from: fingerprint(ROOT, isInput), made: fingerprint(ROOT, isBundle) });

function isAsLeft() {
  try {
    return readFileSync(LEFT, 'utf8') === state();
  } catch {
    return false;
  }
}

/** @param {{ withDeclarations: boolean }} wanted */
async function build({ withDeclarations }) {
  rmSync(LEFT, { force: true });
  // At the same time: none knows anything of what another makes.
  await Promise.all([
    step('Building the browser scripts', 'rollup', ['-c', 'rollup.sdk.mjs', '--silent']),
    step('Building the program', 'rollup', ['-c', '--silent']),
    ...(withDeclarations ? [step('Declarations', 'node', ['scripts/declarations.mjs'])] : []),
  ]);
  mkdirSync(dirname(LEFT), { recursive: true });
  writeFileSync(LEFT, state());
}

await main(async () => {
  const ifChanged = process.argv.includes('--if-changed');
  if (ifChanged && isAsLeft()) return;
  await build({ withDeclarations: !ifChanged });
});
