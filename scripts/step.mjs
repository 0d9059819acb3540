import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The workspace's folder: where every step runs. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The script cannot go on: its message is for the person who started it, its code is what the process exits with. */
export class ScriptError extends Error {
  /**
   * @param {string} message
   * @param {number} [code]
   */
  constructor(message, code = 1) {
    super(message);
    this.name = 'ScriptError';
    this.code = code;
  }
}

/**
 * Runs one command and tells when it starts, how it ended and how long it took.
 *
 * @param {string} title      what it is for
 * @param {string} command    a program on the PATH, or in `node_modules/.bin`
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {boolean} [options.loud]  shows the output as it comes; otherwise only where the step fails
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<void>}
 * @throws {ScriptError}
 */
export async function step(title, command, args, { loud = false, env = process.env } = {}) {
  const started = performance.now();
  console.log(`${title} ...`);
  const { code, output } = await run(command, args, { loud, env });
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  // With its title again: another step may have begun meanwhile.
  console.log(`${title} ${code === 0 ? 'done' : 'failed'}, ${seconds}`);
  if (code === 0) return;
  process.stdout.write(output);
  throw new ScriptError(`${title} failed (exit code ${code})`, code);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ loud: boolean, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(command, args, { loud, env }) {
  const bin = fileURLToPath(new URL('../node_modules/.bin', import.meta.url));
  const separator = process.platform === 'win32' ? ';' : ':';
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...env, PATH: `${bin}${separator}${env.PATH ?? ''}` },
    stdio: loud ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    // npx and the programs of node_modules/.bin are .cmd files there, which only a shell starts.
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs a script's body; a `ScriptError` ends the process with its code and its message, without a stack.
 *
 * @param {() => Promise<void>} body
 */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    console.error(error.message);
    process.exitCode = error.code;
  }
}
