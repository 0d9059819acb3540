import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const AS_BUILT = new URL('./as_built.mjs', import.meta.url).href;

/**
 * Runs a script of this folder in a process of its own and gives what it tells.
 *
 * @param {string} script
 * @param {readonly string[]} args
 */
export async function runChild(script, args) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, { execArgv: ['--import', AS_BUILT] });
  const [told] = await Promise.all([
    new Promise((resolve) => child.once('message', resolve)),
    new Promise((resolve, reject) =>
      child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${script} ended with ${code}`)))),
    ),
  ]);
  return told;
}
