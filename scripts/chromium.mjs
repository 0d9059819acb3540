import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { main, ScriptError, step } from './step.mjs';

/** Names under which systems install it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where macOS keeps browsers, which are not on the PATH there. */
const APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const APT = 'apt-get update && apt-get install -y --no-install-recommends chromium';
const DOWNLOAD = 'npx playwright-core install chromium';

/**
 * The Chromium that the browser tests use: `PARCOURS_CHROMIUM` if set, else one of the system, else Playwright's own.
 * A program that does not start (a snap's placeholder, missing libraries) is passed over.
 *
 * @param {NodeJS.ProcessEnv} [env] default `process.env`
 * @returns {string | undefined} its path
 * @throws {ScriptError} `PARCOURS_CHROMIUM` names something that does not start
 */
export function findChromium(env = process.env) {
  const wanted = env.PARCOURS_CHROMIUM;
  if (wanted !== undefined && wanted !== '') {
    if (starts(wanted)) return wanted;
    throw new ScriptError(`PARCOURS_CHROMIUM is "${wanted}", which does not start as a browser`);
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...APPLICATIONS, chromium.executablePath()].find((path) => existsSync(path) && starts(path));
}

/**
 * The switches for tests: no talk with the browser's maker, and, as root, no sandbox, which Chromium refuses there.
 *
 * @param {number | undefined} [userId] default: of this process
 * @returns {string[]}
 */
export const chromiumArgs = (userId = process.getuid?.()) => [
  ...(userId === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Without a window it says `HeadlessChrome`, which reports leave out as a bot. Told here and not page by page, for a request
  // that outlives its page forgets what the page was told.
  '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
];

/**
 * Installs Chromium where none is found, and says so: the system's package as root on Debian and Ubuntu, otherwise
 * Playwright's download. Browser tests are never skipped: without a browser this fails with the command to run.
 *
 * @throws {ScriptError}
 */
export async function ensureChromium() {
  if (findChromium() !== undefined) return;
  const apt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  console.log('The browser tests need Chromium, and there is none here.');
  if (apt && (await succeeds(() => step(`Installing Chromium (${APT})`, 'sh', ['-c', APT], { loud: true })))) return;
  if (
    await succeeds(() =>
      step(`Installing Chromium (${DOWNLOAD})`, 'playwright-core', ['install', 'chromium'], { loud: true }),
    )
  )
    return;
  throw new ScriptError(`Chromium could not be installed. Run one of these, or set PARCOURS_CHROMIUM to the path of a browser:
  sudo sh -c '${APT}'
  ${DOWNLOAD}`);
}

/**
 * Whether an installation ended well and left a browser that starts.
 *
 * @param {() => Promise<void>} installation
 */
async function succeeds(installation) {
  try {
    await installation();
  } catch (error) {
    if (error instanceof ScriptError) return false;
    throw error;
  }
  return findChromium() !== undefined;
}

/** @param {string} path */
const starts = (path) => spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    await ensureChromium();
    console.log(`Chromium: ${findChromium()}`);
  });
}
