import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ScriptError, step } from './step.mjs';

/** Programs that the guides' commands use or tests look at processes with, each with Debian's package. */
const TOOLS = { ps: 'procps', curl: 'curl', gpg: 'gnupg' };

/** @param {string} name */
const isThere = (name) => spawnSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' }).status === 0;

/**
 * Gets what the system tests need beside Node and a browser, and says so: by Debian's packages where this may be done. Tests
 * are never skipped for want of them: without them this fails with the command to run.
 *
 * @throws {ScriptError}
 */
export async function ensureTools() {
  const missing = Object.entries(TOOLS).filter(([name]) => !isThere(name));
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.map(([, packageName]) => packageName).join(' ')}`;
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    await step(`Installing ${missing.map(([name]) => name).join(', ')}`, 'sh', [
      '-c',
      `apt-get update -qq && ${install}`,
    ]);
  }
  const names = missing.map(([name]) => name).filter((name) => !isThere(name));
  if (names.length === 0) return;
  throw new ScriptError(
    `The system tests need ${names.join(', ')}, and there is none here. Install it:\n  sudo ${install}`,
  );
}
