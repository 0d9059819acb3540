/**
 * `npm start`: the program and the example shop, from a fresh clone, with Node and npm alone. `npm start -- --help` tells
 * what can be set.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CONSENTS } from '../examples/shop/consents.mjs';
import { startChild } from './child.mjs';
import { install, requireNode } from './install.mjs';
import { portFrom, requireFree } from './ports.mjs';
import { publishShopPolicy } from './shop_policy.mjs';
import { main, ScriptError, step } from './step.mjs';

const SHOP_PORT = 8080;
const SHOP_CONFIG = 'examples/shop/parcours.config.json';
/** How often to look whether npm is still there, ms. */
const LOOK_MS = 500;

const HELP = `npm start -- [options]

Installs, builds, and starts the collector with the example shop.

Options:
  --consent <name>  the shop's consent manager (default: own)
${Object.entries(CONSENTS)
  .map(([name, { about }]) => `                      ${name.padEnd(22)} ${about}`)
  .join('\n')}
  --help            says this

Environment:
  PORT              collector, default 8787
  CONSOLE_PORT      console, default 8788
  SHOP_PORT         shop, default 8080
  DATA              data folder, default ./data

Example:
  npm start -- --consent tcf`;

await main(async () => {
  const { consent, help } = options();
  if (help) {
    console.log(HELP);
    return;
  }
  requireNode(process.versions.node);
  const { env } = process;
  const collectorPort = portFrom(env, 'PORT', 8787);
  const consolePort = portFrom(env, 'CONSOLE_PORT', 8788);
  const shopPort = portFrom(env, 'SHOP_PORT', SHOP_PORT);
  await requireFree([
    { variable: 'PORT', port: collectorPort, host: '0.0.0.0' },
    { variable: 'CONSOLE_PORT', port: consolePort, host: '127.0.0.1' },
    { variable: 'SHOP_PORT', port: shopPort, host: '127.0.0.1' },
  ]);
  const data = env.DATA || './data';
  await install();
  await step('Building', 'node', ['scripts/build.mjs', '--if-changed']);
  await run({ collectorPort, consolePort, shopPort, data, consent });
});

/**
 * What is asked for on the command line.
 *
 * @throws {ScriptError}
 */
function options() {
  const { consent, help } = parsed();
  if (Object.hasOwn(CONSENTS, consent)) return { consent, help };
  throw new ScriptError(`--consent must be one of ${Object.keys(CONSENTS).join(', ')}, not "${consent}"`, 2);
}

/** @throws {ScriptError} */
function parsed() {
  try {
    const known = { consent: { type: 'string', default: 'own' }, help: { type: 'boolean', default: false } };
    return parseArgs({ options: /** @type {const} */ (known) }).values;
  } catch (error) {
    throw new ScriptError(`${error instanceof Error ? error.message : error} (npm start -- --help)`, 2);
  }
}

/**
 * Runs both until a signal stops them, or one of them ends, which ends the other.
 *
 * @param {{ collectorPort: number, consolePort: number, shopPort: number, data: string, consent: string }} settings
 */
async function run({ collectorPort, consolePort, shopPort, data, consent }) {
  const asked = askedToStop();
  const config = configFor(shopPort);
  const policy = await publishShopPolicy({ data, config: config.path });
  const flags = ['--port', String(collectorPort), '--console-port', String(consolePort), '--data', data];
  const program = ['packages/parcours/dist/bin.js', 'serve', '--json', '--config', config.path, ...flags];
  const collector = `http://localhost:${collectorPort}`;
  const shopEnv = { ...process.env, SHOP_PORT: String(shopPort), COLLECTOR_URL: collector };
  const children = [
    startChild('program', program, process.env),
    startChild('shop', ['examples/shop/server.mjs', '--consent', consent], shopEnv),
  ];
  const ready = Promise.all(children.map((child) => child.ready)).then(([line = '']) => {
    const { console: address, login = address } = JSON.parse(line);
    tell({ shop: `http://localhost:${shopPort}`, login, collector, data, policy });
    return Promise.race(children.map(async ({ name, ended }) => ({ name, code: await ended })));
  });
  try {
    const died = await Promise.race([asked, ready]);
    if (died !== undefined)
      throw new ScriptError(`The ${died.name} ended (exit code ${died.code}); everything is stopped`, died.code || 1);
    console.log('\nStopping ...');
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    config.remove();
  }
}

/**
 * Ctrl-C, a signal, or the end of npm: a SIGTERM to npm stops at the shell that npm has put between, and never gets here.
 *
 * @returns {Promise<undefined>}
 */
function askedToStop() {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const stop = () => resolve(undefined);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
    if (process.env.npm_lifecycle_event !== 'start') return;
    setInterval(() => process.ppid !== parent && stop(), LOOK_MS).unref();
  });
}

/** @param {{ shop: string, login: string, collector: string, data: string, policy: string }} addresses */
function tell({ shop, login, collector, data, policy }) {
  const elsewhere = process.env.DATA ? ` --data ${data}` : '';
  console.log(`
Parcours is running.

  Shop       ${shop}   walk it, and answer its banner
  Console    ${login}
             what arrives, and what was decided; the link signs you in once (another: npm run parcours -- login${elsewhere})
  Collector  ${collector}   what the pages of the shop talk to
  Data       ${data}   log, tables, and secrets.json (keep a copy)
  Consent    policy ${policy}; ${shop}/?pc_debug shows on the page what it does with each event

Ask the tables, from another terminal:

  npm run parcours -- query "select type, count(*) as events from events group by type"${elsewhere}

Ctrl-C stops everything.`);
}

/**
 * The shop's configuration; where the shop listens elsewhere, a copy that lets pages from there in.
 *
 * @param {number} shopPort
 */
function configFor(shopPort) {
  if (shopPort === SHOP_PORT) return { path: SHOP_CONFIG, remove: () => {} };
  const text = readFileSync(new URL(`../${SHOP_CONFIG}`, import.meta.url), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'parcours-start-'));
  const path = join(folder, 'parcours.config.json');
  writeFileSync(path, text.replaceAll(`:${SHOP_PORT}"`, `:${shopPort}"`));
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
