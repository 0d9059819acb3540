/**
 * Holds the browser scripts to their ceilings (brotli 11, as served) and to what must not be in them.
 * Prints a table; exits 1 over a ceiling, for a script without one, or at a forbidden name. Build first.
 * What each feature weighs: `pnpm bench weights`.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import sdk from '../rollup.sdk.mjs';

/** Raise a ceiling only in the change that needs it. `minified` where the script stands inline in the page. */
const CEILINGS = {
  'p.js': { brotli: 5120 },
  'p.full.js': { brotli: 13_312 },
  'p.scroll.js': { brotli: 512 },
  'p.engagement.js': { brotli: 512 },
  'p.forms.js': { brotli: 1536 },
  'p.friction.js': { brotli: 2304 },
  'p.errors.js': { brotli: 640 },
  'p.web-vitals.js': { brotli: 3379 },
  'p.data-layer.js': { brotli: 2560 },
  'p.cross-domain.js': { brotli: 1600 },
  'stub.js': { minified: 400 },
};

/** No schema library, no code from text, no injected markup or style, nothing for development. */
const FORBIDDEN = [
  /\bzod\b/i,
  /\beval\s*\(/,
  /new Function\b/,
  /\binnerHTML\b/,
  /\bcreateElement\b/,
  /document\.write/,
  /\.style\b/,
  /process\.env/,
  /sourceMappingURL/,
];

const root = new URL('../', import.meta.url);
const files = sdk.flatMap(({ output }) => output.file ?? []);
const faults = Object.keys(CEILINGS)
  .filter((name) => !files.some((file) => basename(file) === name))
  .map((name) => `${name} has a ceiling, and rollup.sdk.mjs does not build it`);
const rows = [['script', 'minified', 'gzip', 'brotli', 'ceiling', '']];

for (const file of files) {
  const name = basename(file);
  let bytes;
  try {
    bytes = readFileSync(new URL(file, root));
  } catch {
    console.error(`sizes: ${file} is missing: build first`);
    process.exit(1);
  }
  const size = {
    minified: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  };
  const [[measure, ceiling] = ['', '']] = Object.entries(CEILINGS[name] ?? {});
  if (measure === '') faults.push(`${name} has no ceiling: name one in scripts/sizes.mjs`);
  else if (size[measure] > ceiling) faults.push(`${name}: ${size[measure]} bytes ${measure}, ceiling ${ceiling}`);
  const text = bytes.toString('utf8');
  for (const name of FORBIDDEN.filter((pattern) => pattern.test(text))) faults.push(`${file} contains ${name}`);
  rows.push([name, size.minified, size.gzip, size.brotli, ceiling, measure]);
}

const width = Math.max(...rows.map(([name]) => name.length));
for (const [name, ...cells] of rows) {
  console.log(`${name.padEnd(width)} ${cells.map((cell) => String(cell).padStart(9)).join('')}`.trimEnd());
}
for (const fault of faults) console.error(`sizes: ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
