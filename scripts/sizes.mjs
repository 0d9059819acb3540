/**
 * Holds the browser scripts to their ceilings (brotli 11, as served) and to what must not be in them.
 * Prints a table; exits 1 over a ceiling, for a script without one, or at a forbidden name. Build first.
 * What each feature weighs: `pnpm bench weights`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { minifySync } from 'rolldown/utils';
import sdk from '../rollup.sdk.mjs';

/**
 * Raise a ceiling only in the change that needs it. `minified` where the script stands inline in the page; `makesElements`
 * where it is there to show something.
 */
const CEILINGS = {
  'p.js': { brotli: 7680 },
  'p.full.js': { brotli: 15_264 },
  'p.scroll.js': { brotli: 512 },
  'p.engagement.js': { brotli: 512 },
  'p.forms.js': { brotli: 1536 },
  'p.friction.js': { brotli: 2304 },
  'p.errors.js': { brotli: 640 },
  'p.web-vitals.js': { brotli: 3379 },
  'p.data-layer.js': { brotli: 2560 },
  'p.cross-domain.js': { brotli: 1600 },
  // With web vitals, page views and clicks: it stands in for the tracker where there is no consent.
  'p.exempt.js': { brotli: 5760 },
  'p.rights.js': { brotli: 1344 },
  // On request only, never on a visitor's page.
  'p.debugger.js': { brotli: 6272, makesElements: true },
  // Consent sources: each with what they share, some 500 bytes.
  'p.tcf.js': { brotli: 1248 },
  'p.consent-mode.js': { brotli: 1168 },
  'p.consent-mode-out.js': { brotli: 640 },
  'p.gpp.js': { brotli: 1120 },
  'p.shopify.js': { brotli: 896 },
  'p.vanilla-cookieconsent.js': { brotli: 960 },
  'p.didomi.js': { brotli: 832 },
  'p.axeptio.js': { brotli: 800 },
  'p.tarteaucitron.js': { brotli: 960 },
  'p.onetrust.js': { brotli: 896 },
  'p.cookiebot.js': { brotli: 896 },
  'p.klaro.js': { brotli: 832 },
  'p.sirdata.js': { brotli: 960 },
  'stub.js': { minified: 400 },
};

/** Of each consent source by itself, minified, as an app has it beside the tracker: bytes gzip. */
const SOURCE_CEILING = 1024;

const ELEMENTS = /\bcreateElement\b/;

/** No schema library, no code from text, no injected markup or style, nothing for development. */
const FORBIDDEN = [
  /\bzod\b/i,
  /\beval\s*\(/,
  /new Function\b/,
  /\binnerHTML\b/,
  ELEMENTS,
  /document\.write/,
  /\.style\b/,
  /process\.env/,
  /sourceMappingURL/,
];

const brotliOf = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

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
    brotli: brotliOf(bytes),
  };
  const { makesElements, ...ceilings } = CEILINGS[name] ?? {};
  const [[measure, ceiling] = ['', '']] = Object.entries(ceilings);
  if (measure === '') faults.push(`${name} has no ceiling: name one in scripts/sizes.mjs`);
  else if (size[measure] > ceiling) faults.push(`${name}: ${size[measure]} bytes ${measure}, ceiling ${ceiling}`);
  const text = bytes.toString('utf8');
  const forbidden = makesElements ? FORBIDDEN.filter((pattern) => pattern !== ELEMENTS) : FORBIDDEN;
  for (const name of forbidden.filter((pattern) => pattern.test(text))) faults.push(`${file} contains ${name}`);
  rows.push([name, size.minified, size.gzip, size.brotli, ceiling, measure]);
}

for (const name of readdirSync(new URL('packages/sdk/dist/consent/', root)).filter((file) => file.endsWith('.js'))) {
  const { code } = minifySync(name, readFileSync(new URL(`packages/sdk/dist/consent/${name}`, root), 'utf8'));
  const gzip = gzipSync(code, { level: 9 }).length;
  if (gzip > SOURCE_CEILING) faults.push(`consent/${name}: ${gzip} bytes gzip, ceiling ${SOURCE_CEILING}`);
  rows.push([`consent/${name}`, code.length, gzip, brotliOf(Buffer.from(code)), SOURCE_CEILING, 'gzip']);
}

const width = Math.max(...rows.map(([name]) => name.length));
for (const [name, ...cells] of rows) {
  console.log(`${name.padEnd(width)} ${cells.map((cell) => String(cell).padStart(9)).join('')}`.trimEnd());
}
for (const fault of faults) console.error(`sizes: ${fault}`);
process.exit(faults.length > 0 ? 1 : 0);
