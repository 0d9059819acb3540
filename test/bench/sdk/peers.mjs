import { readFileSync } from 'node:fs';
import { PNPM } from '../../../scripts/install.mjs';
import { step } from '../../../scripts/step.mjs';

const FOLDER = 'test/bench/peers';

/**
 * Installs what Parcours is measured beside, exactly as its lock file has it; nothing to do where that is there already.
 * Apart from the project's own packages: neither `npm start` nor `npm test` needs them.
 *
 * @throws {import('../../../scripts/step.mjs').ScriptError}
 */
export async function installPeers() {
  if (isInstalled()) return;
  const args = ['--yes', PNPM, '--dir', FOLDER, 'install', '--frozen-lockfile'];
  await step('Installing the trackers to measure beside', 'npx', args, { loud: true });
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
