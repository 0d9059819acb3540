import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onCore } from './pin.mjs';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const secret = () => randomBytes(32).toString('base64url');

/**
 * The secrets of a collector, which will find them in its data folder.
 *
 * @param {string} folder
 * @returns {Promise<{ receiptKey: Buffer }>} what those who send name receipts by
 */
export async function writeSecrets(folder) {
  const secrets = { cookie: secret(), join: secret(), admin: secret(), receipts: secret() };
  await writeFile(join(folder, 'secrets.json'), JSON.stringify(secrets));
  return { receiptKey: Buffer.from(secrets.receipts, 'base64url') };
}

/**
 * @typedef {{ pid: number, url: string, stop: () => Promise<void> }} Server
 */

/** The least that a server can do. @returns {Promise<Server>} */
export const startBaseline = (folder) =>
  start(file('./baseline.mjs'), { args: [join(folder, `baseline-${Date.now()}.log`)] });

/**
 * The collector as the program runs it, without the reader that would load what it writes on the same cores.
 *
 * @param {string} folder  its data, with its secrets
 * @param {{ sites?: number, nodeArgs?: readonly string[] }} [options]
 * @returns {Promise<Server>}
 */
export const startCollector = (folder, { sites = 1, nodeArgs = [] } = {}) =>
  start(file('../../packages/parcours/dist/bin.js'), {
    nodeArgs,
    env: {
      PARCOURS_CHILD_ROLE: 'collector',
      PARCOURS_CHILD_WRITER: 'collector-0',
      PARCOURS_CHILD_CONFIG: JSON.stringify(configOf(folder, sites)),
    },
  });

/** The reader as the program runs it, with no console asked for anything. @returns {Promise<Server>} */
export const startReader = (folder, { nodeArgs = ['--max-old-space-size=1024'] } = {}) =>
  start(file('../../packages/parcours/dist/bin.js'), {
    nodeArgs,
    env: { PARCOURS_CHILD_ROLE: 'reader', PARCOURS_CHILD_CONFIG: JSON.stringify(configOf(folder, 1)) },
  });

/** A whole configuration for so many sites; nothing is limited but by what the machine can. */
export const configOf = (folder, sites) => ({
  port: 0,
  host: '127.0.0.1',
  consolePort: 0,
  consoleHost: '127.0.0.1',
  data: folder,
  sites: Array.from({ length: sites }, (_, n) => siteOf(n)),
  trustProxy: false,
  rateLimits: { perAddress: 10_000_000, perKey: 10_000_000 },
  queryMemoryMb: 512,
  logDays: 7,
  metricsFrom: ['127.0.0.0/8'],
  logLevel: 'warn',
});

function siteOf(n) {
  const { site: id, key } = senderOf(n);
  return { id, keys: [key], origins: [], queryKeys: [], hosts: [`${id}.example`] };
}

/** By which site and key a batch is sent. */
export const senderOf = (n) => ({ site: `shop-${n}`, key: `pk_bench_${n}` });

async function start(script, { args = [], env = {}, nodeArgs = [] }) {
  const [command, ...prefix] = [...onCore(0), process.execPath];
  const server = fork(script, args, {
    execPath: command,
    execArgv: [...prefix, ...nodeArgs],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise((resolve) => server.once('exit', resolve));
  const { type, address, message } = await Promise.race([
    new Promise((resolve) => server.once('message', resolve)),
    gone.then(() => ({ type: 'fatal', message: 'it ended' })),
  ]);
  if (type !== 'ready') throw new Error(`${script} did not start: ${message}`);
  return {
    pid: server.pid,
    url: `${address.replace('localhost', '127.0.0.1')}/v1/events`,
    async stop(signal = 'SIGKILL') {
      server.kill(signal);
      await gone;
    },
  };
}
