import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT, ScriptError } from './step.mjs';

const FILE = 'examples/shop/consent.policy.json';

/**
 * Puts the example shop's consent policy in force where the data folder has none. Whoever published another keeps it.
 *
 * @param {{ data: string, config: string }} place  data folder, and configuration file
 * @returns {Promise<string>} the version in force
 */
export async function publishShopPolicy({ data, config }) {
  const { versions, version } = await policy(['show', '--data', data]);
  if (versions.length > 0) return version;
  return (await policy(['publish', FILE, '--data', data, '--config', config])).version;
}

/** @param {readonly string[]} args */
async function policy(args) {
  try {
    const command = ['packages/parcours/dist/bin.js', 'policy', ...args, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT });
    return JSON.parse(stdout);
  } catch (error) {
    const { stderr = '', stdout = '', message = '' } = /** @type {Record<string, string>} */ (error);
    throw new ScriptError(`The shop's consent policy is not in force: ${stderr || stdout || message}`);
  }
}
