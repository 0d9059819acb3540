import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main, ScriptError, step } from './step.mjs';

/** The proxies that the installation guide has a configuration for, and how each says that it is there. */
const VERSION = /** @type {const} */ ({ nginx: '-v', caddy: 'version' });

/** @typedef {keyof typeof VERSION} Proxy */

const NAMES = /** @type {readonly Proxy[]} */ (Object.keys(VERSION));

/** Debian's packages are unpacked here, and nothing is installed: a web server of the system's own would begin to serve. */
const FOLDER = fileURLToPath(new URL('../node_modules/.cache/parcours-proxies', import.meta.url));

const INSTALL = 'apt-get install --no-install-recommends nginx-light caddy';

/**
 * The proxy that tests start: `PARCOURS_NGINX` or `PARCOURS_CADDY` if set, else one of the system, else the one unpacked.
 *
 * @param {Proxy} name
 * @param {NodeJS.ProcessEnv} [env] default `process.env`
 * @returns {string | undefined} its path
 * @throws {ScriptError} the variable names something that does not start
 */
export function findProxy(name, env = process.env) {
  const variable = `PARCOURS_${name.toUpperCase()}`;
  const starts = (/** @type {string} */ path) => spawnSync(path, [VERSION[name]], { stdio: 'ignore' }).status === 0;
  const wanted = env[variable];
  if (wanted !== undefined && wanted !== '') {
    if (starts(wanted)) return wanted;
    throw new ScriptError(`${variable} is "${wanted}", which does not start as ${name}`);
  }
  // A plain user's PATH has no folder of servers.
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin'].filter((folder) => folder !== '');
  const unpacked = ['usr/sbin', 'usr/bin'].map((folder) => join(FOLDER, folder));
  return [...folders, ...unpacked].map((folder) => join(folder, name)).find((path) => existsSync(path) && starts(path));
}

/**
 * Gets what is missing, and says so: on Debian and Ubuntu the packages are downloaded and unpacked, which needs no root.
 * Tests of the proxies are never skipped: without them this fails with the command to run.
 *
 * @throws {ScriptError}
 */
export async function ensureProxies() {
  for (const name of NAMES) {
    if (findProxy(name) !== undefined) continue;
    if (existsSync('/usr/bin/apt-get')) await unpack(name);
    if (findProxy(name) !== undefined) continue;
    throw new ScriptError(`The tests of the installation guide need ${name}, and there is none here. Install it:
  sudo ${INSTALL}
or set PARCOURS_${name.toUpperCase()} to its path.`);
  }
}

/** @param {Proxy} name */
async function unpack(name) {
  const packages = join(FOLDER, name);
  mkdirSync(packages, { recursive: true });
  const download = `cd "$1" && apt-get download ${name}`;
  const refresh = process.getuid?.() === 0 ? 'apt-get update -qq && ' : '';
  try {
    await step(`Downloading ${name}`, 'sh', ['-c', `(${download}) || (${refresh}${download})`, 'sh', packages]);
    for (const file of readdirSync(packages)) {
      await step(`Unpacking ${file}`, 'dpkg-deb', ['-x', join(packages, file), FOLDER]);
    }
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await ensureProxies();
    for (const name of NAMES) console.log(`${name}: ${findProxy(name)}`);
  });
}
