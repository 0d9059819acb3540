import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * What the server serves as it is.
 *
 * @typedef {import('./shop.mjs').PublicFile} PublicFile
 * @typedef {import('./consents.mjs').Consent} Consent
 */

/** In this order: a later one wins. */
const SHEETS = ['base', 'frame', 'home', 'products', 'cart', 'checkout', 'consent', 'last'];

const SCRIPT = 'text/javascript; charset=utf-8';
const SHEET = 'text/css; charset=utf-8';
const PUBLIC = new URL('./public/', import.meta.url);

/** The stub as the SDK's build leaves it; without it the pages work, and calls before `p.js` are not kept. */
export function readStub() {
  try {
    return readFileSync(new URL('../../packages/sdk/dist/stub.js', import.meta.url), 'utf8').trim();
  } catch {
    console.error('shop: the SDK is not built (npm run build); pages come without its stub');
    return '';
  }
}

/**
 * The scripts as they are, the sheets joined to one, so that a page waits for one, and what the consent manager needs.
 *
 * @param {string} name  of the consent manager
 * @param {Consent} consent
 * @returns {Promise<Map<string, PublicFile>>} by path
 * @throws a package of the consent manager is not installed
 */
export async function readPublic(name, { vendored }) {
  const css = SHEETS.map((sheet) => readFileSync(new URL(`./styles/${sheet}.css`, import.meta.url), 'utf8')).join('\n');
  const scripts = readdirSync(PUBLIC).map((file) => [`/${file}`, script(readFileSync(new URL(file, PUBLIC)))]);
  const packages = Object.entries(vendored).map(async ([path, source]) => [path, await readVendored(path, source)]);
  return new Map([
    ...scripts,
    ['/consent.js', script(readFileSync(new URL(`consent_${name}.js`, PUBLIC)))],
    ['/shop.css', { type: SHEET, body: Buffer.from(css) }],
    ...(await Promise.all(packages)),
  ]);
}

/** @param {Buffer} body @returns {PublicFile} */
const script = (body) => ({ type: SCRIPT, body });

/**
 * @param {string} path
 * @param {import('./consents.mjs').Vendored} source
 * @returns {Promise<PublicFile>}
 */
async function readVendored(path, source) {
  try {
    if ('bundle' in source) return script(await bundled(source.bundle));
    const body = readFileSync(createRequire(import.meta.url).resolve(source.file));
    return { type: path.endsWith('.css') ? SHEET : SCRIPT, body };
  } catch (error) {
    throw new Error(`${path} cannot be made: its packages are not installed (npm start installs them)`, {
      cause: error,
    });
  }
}

/** One module out of a file of `public` and the packages that it imports. @param {string} file */
async function bundled(file) {
  const { build } = await import('esbuild');
  const entryPoints = [fileURLToPath(new URL(file, PUBLIC))];
  const made = await build({
    entryPoints,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return Buffer.from(made.outputFiles[0]?.contents ?? []);
}
