import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { main, ScriptError, step } from './step.mjs';

/** Names under which systems install it. */
const NAMES = ['firefox-esr', 'firefox'];

const APT = 'apt-get update -qq && apt-get install -y --no-install-recommends firefox-esr';

/**
 * The Firefox that the fault tests use: `PARCOURS_FIREFOX` if set, else one of the system.
 *
 * @param {NodeJS.ProcessEnv} [env] default `process.env`
 * @returns {string | undefined} its path
 * @throws {ScriptError} `PARCOURS_FIREFOX` names something that does not start
 */
export function findFirefox(env = process.env) {
  const wanted = env.PARCOURS_FIREFOX;
  if (wanted !== undefined && wanted !== '') {
    if (starts(wanted)) return wanted;
    throw new ScriptError(`PARCOURS_FIREFOX is "${wanted}", which does not start as a browser`);
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(
    (path) => existsSync(path) && starts(path),
  );
}

/**
 * Installs Firefox where none is found and the system's packages may be used, and says so. Fault tests are never skipped:
 * without it this fails with the command to run.
 *
 * @throws {ScriptError}
 */
export async function ensureFirefox() {
  if (findFirefox() !== undefined) return;
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    await step('Installing Firefox', 'sh', ['-c', APT]);
    if (findFirefox() !== undefined) return;
  }
  throw new ScriptError(`The fault tests need Firefox, and there is none here. Install it:
  sudo sh -c '${APT}'
or set PARCOURS_FIREFOX to its path.`);
}

/** @param {string} path */
const starts = (path) => spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await ensureFirefox();
    console.log(`Firefox: ${findFirefox()}`);
  });
}
