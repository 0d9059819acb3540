import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT, ScriptError } from './step.mjs';

/** How long a child may take to finish after it was asked to: the program's own ten seconds, and a little. */
const STOP_MS = 12_000;

/**
 * A process beside this one, in the foreground.
 *
 * @typedef {object} Child
 * @property {string} name
 * @property {Promise<string>} ready  its first line on standard output; rejects if it ends before
 * @property {Promise<number>} ended  its exit code; 1 if a signal ended it
 * @property {() => Promise<number>} stop  asks it to finish, kills it after 12 s
 */

/**
 * Starts a script of the workspace. Its errors and further lines go to this process's own.
 *
 * @param {string} name  as the person reads it
 * @param {readonly string[]} args  for Node
 * @param {NodeJS.ProcessEnv} env
 * @returns {Child}
 */
export function startChild(name, args, env) {
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const lines = createInterface({ input: child.stdout });
  /** @type {Promise<string>} */
  const ready = new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.on('line', (later) => console.log(later));
    });
    ended.then((code) => reject(new ScriptError(`The ${name} did not start`, code || 1)), reject);
  });
  return {
    name,
    ready,
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      const code = await ended;
      clearTimeout(kill);
      return code;
    },
  };
}
