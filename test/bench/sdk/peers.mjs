import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PNPM } from '../../../scripts/install.mjs';
import { ROOT, ScriptError } from '../../../scripts/step.mjs';

const FOLDER = 'test/bench/peers';

/**
 * Installs what Parcours is measured beside, exactly as its lock file has it; nothing to do where that is there already.
 * Apart from the project's own packages: neither `npm start` nor `npm test` needs them.
 *
 * @throws {import('../../../scripts/step.mjs').ScriptError}
 */
export function installPeers() {
  if (isInstalled()) return;
  const args = ['--yes', PNPM, '--dir', FOLDER, 'install', '--frozen-lockfile'];
  // All of it on standard error: the figures alone go to standard output.
  const { status } = spawnSync('npx', args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new ScriptError(`The trackers to measure beside could not be installed (${FOLDER})`);
}

/** pnpm leaves a copy of the lock file beside what it installed. */
function isInstalled() {
  try {
    return text('node_modules/.pnpm/lock.yaml') === text('pnpm-lock.yaml');
  } catch {
    return false;
  }
}

const text = (path) => readFileSync(new URL(`../peers/${path}`, import.meta.url), 'utf8');
