import { readFileSync } from 'node:fs';
import { ScriptError, step } from './step.mjs';

/** The package manager, fetched by npx where it is not installed: one version for everyone. */
export const PNPM = 'pnpm@12.21.0';

/**
 * Refuses a Node that is too old to run the project.
 *
 * @param {string} version such as `20.20.2`
 * @throws {ScriptError}
 */
export function requireNode(version) {
  const wanted = JSON.parse(text('package.json')).engines.node.replace('>=', '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new ScriptError(`Parcours needs Node ${wanted} or newer, and this is Node ${version}: https://nodejs.org`);
}

/** Installs exactly what the lock file names; nothing to do, and no network needed, where that is there already. */
export async function install() {
  if (isInstalled()) return;
  await step('Installing packages', 'npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], { loud: true });
}

/** pnpm leaves a copy of the lock file beside what it installed. */
function isInstalled() {
  try {
    return text('node_modules/.pnpm/lock.yaml') === text('pnpm-lock.yaml');
  } catch {
    return false;
  }
}

/** @param {string} path from the workspace's folder */
const text = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
