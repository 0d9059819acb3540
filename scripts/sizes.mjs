/**
 * Holds the browser scripts to their ceilings (brotli 11, as served) and to what must not be in them.
 * Prints a table; exits 1 over a ceiling or at a forbidden name. Build first.
 */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Raise a ceiling only in the change that needs it. `bytes`: `minified` where the script stands inline in the page. */
const ENTRIES = [
  { name: 'p.js', file: 'packages/sdk/dist/p.js', measure: 'brotli', ceiling: 4096 },
  { name: 'stub.js', file: 'packages/sdk/dist/stub.js', measure: 'minified', ceiling: 400 },
];

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
const faults = [];
const rows = [['entry', 'minified', 'gzip', 'brotli', 'ceiling', '']];

for (const { name, file, measure, ceiling } of ENTRIES) {
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
  if (size[measure] > ceiling) faults.push(`${name}: ${size[measure]} bytes ${measure}, ceiling ${ceiling}`);
  const text = bytes.toString('utf8');
  for (const name of FORBIDDEN.filter((pattern) => pattern.test(text))) faults.push(`${file} contains ${name}`);
  rows.push([name, size.minified, size.gzip, size.brotli, ceiling, measure]);
}

for (const row of rows)
  console.log(
    row
      .map((cell, column) => String(cell)[column === 0 || column === 5 ? 'padEnd' : 'padStart'](10))
      .join(' ')
      .trimEnd(),
  );
for (const fault of faults) console.error(`sizes: ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
