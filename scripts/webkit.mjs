import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { main, ScriptError, step } from './step.mjs';

/**
 * What the fault tests run WebKit with, each with Debian's package: its driver, a screen that nobody sees, and what shows
 * a page with a profile, which the driver's own browser never keeps.
 */
const PROGRAMS = { WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb', gjs: 'gjs' };

const LIBRARY = 'gir1.2-webkit2-4.1';

const APT = `apt-get update -qq && apt-get install -y --no-install-recommends ${[...Object.values(PROGRAMS), LIBRARY].join(' ')}`;

/** Whether all of it is there and the library can be loaded. */
export function hasWebkit() {
  const isThere = (/** @type {string} */ name) =>
    spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;
  const loads = 'imports.gi.versions.WebKit2 = "4.1"; imports.gi.WebKit2';
  return Object.keys(PROGRAMS).every(isThere) && spawnSync('gjs', ['-c', loads], { stdio: 'ignore' }).status === 0;
}

/**
 * Installs WebKit where it is not found and the system's packages may be used, and says so. Fault tests are never skipped:
 * without it this fails with the command to run.
 *
 * @throws {ScriptError}
 */
export async function ensureWebkit() {
  if (hasWebkit()) return;
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    await step('Installing WebKit', 'sh', ['-c', APT]);
    if (hasWebkit()) return;
  }
  throw new ScriptError(`The fault tests need WebKit with its driver, and not all of it is here. Install it:
  sudo sh -c '${APT}'`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await ensureWebkit();
    console.log('WebKit: WebKitWebDriver');
  });
}
