import { createServer } from 'node:net';
import { ScriptError } from './step.mjs';

/**
 * A listener's port, from its variable.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} variable
 * @param {number} otherwise
 * @returns {number}
 * @throws {ScriptError} it is not a number from 1 to 65535
 */
export function portFrom(env, variable, otherwise) {
  const text = env[variable] || String(otherwise);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new ScriptError(`${variable} must be a number from 1 to 65535, not "${text}"`);
}

/**
 * Refuses ports that are taken, before anything is built or started.
 *
 * @param {readonly { readonly variable: string, readonly port: number, readonly host: string }[]} listeners
 * @throws {ScriptError} one line that names the port and the variable that moves it
 */
export async function requireFree(listeners) {
  for (const { variable, port, host } of listeners) {
    const twin = listeners.find((other) => other.variable !== variable && other.port === port);
    if (twin !== undefined) throw new ScriptError(`${variable} and ${twin.variable} are both ${port}`);
    if (await isTaken(port, host)) throw new ScriptError(`Port ${port} is in use: set ${variable} to another`);
  }
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
const isTaken = (port, host) =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else reject(new ScriptError(`Port ${port} cannot be opened on ${host}: ${error.message}`));
    });
    probe.listen(port, host, () => probe.close(() => resolve(false)));
  });
