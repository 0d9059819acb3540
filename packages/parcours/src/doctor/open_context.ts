import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { foldControl, readControl } from '@parcours/store/control';
import { type Config, ConfigError, loadSettings, config as schema } from '../config/index.ts';
import { dataFolder } from '../data_folder.ts';
import { diagnoseSecretOf } from '../diagnose_secret.ts';
import { fileSystemOf } from '../file_system.ts';
import { type RunFile, readRunFile } from '../run_file.ts';
import { sitesInForce } from '../sites/in_force.ts';
import type { Context, Probes, Row } from './context.ts';
import { ask } from './http.ts';
import { clockSynchronised } from './probes/clock_synchronised.ts';
import { spaceOf } from './probes/space.ts';
import { syncTimes } from './probes/sync_times.ts';

/** A flag that makes no sense: its message is one line. */
export class FlagError extends Error {
  override name = 'FlagError';
}

export interface ContextOptions {
  readonly data: string;
  readonly config?: string | undefined;
  readonly url?: string | undefined;
  readonly page?: string | undefined;
  readonly site?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The real set-up, looked at from this machine.
 *
 * @throws FlagError
 */
export async function openContext(options: ContextOptions): Promise<Context> {
  const folder = dataFolder(resolve(options.data));
  const run = await readRunFile(folder.run);
  const { config, file, fault } = await readConfig(options.config ?? run?.config, options.env);
  const control = await readControl(folder.control).catch(() => undefined);
  const all = sitesInForce({ configured: config.sites, control: control ?? foldControl([]), now: Date.now() });
  const sites = all.filter(({ id }) => options.site === undefined || id === options.site);
  if (options.site !== undefined && sites.length === 0) {
    const known = all.map(({ id }) => id).join(', ') || 'none';
    throw new FlagError(`--site: there is no site "${options.site}"; there are ${known}`);
  }
  const url = address('--url', options.url);
  if (url?.pathname === '/') url.pathname = '/v1/events';
  return {
    folder,
    config,
    configFile: file,
    configFault: fault,
    sites,
    control,
    run,
    url,
    page: address('--page', options.page),
    probes: createProbes(folder.secrets, run),
  };
}

function address(flag: string, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new FlagError(`${flag} must be an address such as https://collect.shop.example (it is "${text}")`);
}

/** A file with an error in it is a finding, and no reason not to look at the rest. */
async function readConfig(
  file: string | undefined,
  env: ContextOptions['env'],
): Promise<{ readonly config: Config; readonly file?: string | undefined; readonly fault?: string }> {
  try {
    return await loadSettings({ flags: {}, file, env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: schema.parse({}), file, fault: error.message };
  }
}

function createProbes(secretsPath: string, run: RunFile | undefined): Probes {
  const admin = async (): Promise<string | undefined> => {
    try {
      return (JSON.parse(await readFile(secretsPath, 'utf8')) as { admin?: string }).admin;
    } catch {
      return undefined;
    }
  };
  return {
    now: Date.now,
    ask,
    fileSystem: fileSystemOf,
    space: spaceOf,
    syncTimes,
    clockSynchronised,
    nodeVersion: process.versions.node,
    query: async (select) => askTables(run, await admin(), select),
    diagnoseSecret: async () => {
      const secret = await admin();
      return secret === undefined ? undefined : diagnoseSecretOf(secret);
    },
  };
}

async function askTables(run: RunFile | undefined, admin: string | undefined, select: string): Promise<readonly Row[]> {
  if (!run) throw new Error('nothing runs');
  const { body } = await ask(`${run.console}/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
    body: JSON.stringify({ sql: select, maxRows: 1_000, timeoutMs: 20_000 }),
  });
  const answer = JSON.parse(body) as {
    readonly columns: readonly { readonly name: string }[];
    readonly rows: readonly (readonly unknown[])[];
    readonly error?: { readonly message: string };
  };
  if (answer.error) throw new Error(answer.error.message);
  return answer.rows.map((row) => Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at]])));
}
