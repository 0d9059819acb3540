import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { addressHeader, endpointPath, rateLimits, scriptPath, siteList, trustProxy } from '@parcours/collector';
import { z } from 'zod';
import { alertOptions } from './alerts/options.ts';
import { otelOptions } from './otel/options.ts';

const port = z.int('must be a whole number from 0 to 65535').min(0).max(65_535);

/**
 * Everything that can be set, whether by file, environment or flag. Read and checked once, at boot.
 * A key that is not here is a mistake and stops the start.
 */
export const config = z.strictObject({
  /** Public listener. 0 takes a free port. */
  port: port.default(8787),
  /** Address of the public listener. */
  host: z.string().min(1).default('0.0.0.0'),
  /** Private listener. 0 takes a free port. */
  consolePort: port.default(8788),
  /** Address of the private listener: loopback, or that of a container whose port is published on loopback. */
  consoleHost: z.string().min(1).default('127.0.0.1'),
  /** Origin under which a front with TLS serves the console elsewhere, such as `https://console.shop.example`. */
  consoleUrl: z
    .url({ protocol: /^https?$/, error: 'must be an origin, such as https://console.shop.example' })
    .refine((url) => new URL(url).origin === url, 'must be an origin, without a path')
    .optional(),
  /** Folder of log, tables, sealed days and secrets. */
  data: z.string().min(1).default('./data'),
  /**
   * Why `data` may lie on a network file system all the same, such as one that a support contract promises locks and syncs
   * for. Without it the program does not start there.
   */
  networkDataReason: z.string().min(20, 'must say why, in 20 characters or more').optional(),
  sites: siteList.default([]),
  trustProxy: trustProxy.default(false),
  addressHeader,
  /** Where `p.js` is served too, the other scripts beside it. */
  scriptPath: scriptPath.optional(),
  /** Where events are received too. */
  endpointPath: endpointPath.optional(),
  rateLimits: rateLimits.prefault({}),
  /** CIDR blocks that may read `/metrics`. */
  metricsFrom: z.array(z.union([z.cidrv4(), z.cidrv6()])).default(['127.0.0.0/8', '::1/128']),
  /** Days that a loaded segment of the log is kept. */
  logDays: z.int().min(1).max(365).default(7),
  /** Memory that the query engine may use, MB. */
  queryMemoryMb: z.int().min(128).default(512),
  /** `info` writes one line for each request. */
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('warn'),
  /** When the program raises the alarm, and whom it tells. */
  alerts: alertOptions.prefault({}),
  /** Where metrics are pushed by OpenTelemetry. Default nowhere. */
  otel: otelOptions.optional(),
});

export type Config = z.output<typeof config>;

/** A setting that is wrong: its message is one line that names the place, the key and the rule. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Environment variables that set something, and what. */
const ENVIRONMENT = { PORT: 'port', CONSOLE_PORT: 'consolePort', DATA: 'data', HOST_ADDRESS: 'host' } as const;

export const DEFAULT_FILE = 'parcours.config.json';

/**
 * The configuration in force: flags over environment over file over defaults.
 *
 * @param flags  as given on the command line, by configuration key; undefined ones count as absent
 * @param file   path of the file; without it `parcours.config.json` of this folder, where there is one
 * @throws ConfigError
 */
export async function loadConfig({
  flags,
  file,
  env,
}: {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<Config> {
  const fromFile = await readConfigFile(file);
  const checked = check(config, fromFile, file ?? DEFAULT_FILE);
  const settings: Record<string, unknown> = { ...checked };
  for (const [variable, key] of Object.entries(ENVIRONMENT)) {
    const text = env[variable];
    if (text !== undefined && text !== '') settings[key] = checkText(key, text, `environment variable ${variable}`);
  }
  for (const [flag, text] of Object.entries(flags)) {
    if (text !== undefined) settings[flag] = checkText(flag, text, `flag --${kebab(flag)}`);
  }
  const loaded = settings as Config;
  const twice = loaded.sites.map(({ id }) => id).find((id, index, ids) => ids.indexOf(id) !== index);
  if (twice) throw new ConfigError(`${file ?? DEFAULT_FILE}: sites: the id "${twice}" stands twice`);
  return { ...loaded, data: resolve(loaded.data) };
}

async function readConfigFile(file: string | undefined): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file ?? DEFAULT_FILE, 'utf8');
  } catch (error) {
    if (file === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError(`${file ?? DEFAULT_FILE}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${file ?? DEFAULT_FILE}: is not JSON: ${(error as Error).message.split('\n', 1)[0]}`);
  }
}

/** A flag's or variable's text as the type its key has. */
function checkText(key: string, text: string, place: string): unknown {
  const schema = config.shape[key as keyof typeof config.shape];
  const asNumber = Number(text);
  const value = key.toLowerCase().endsWith('port') && text.trim() !== '' && !Number.isNaN(asNumber) ? asNumber : text;
  return check(schema as z.ZodType<unknown>, value, place);
}

function check<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('') ?? '';
  const at = path === '' ? place : `${place}: ${path.replace(/^\./, '')}`;
  if (issue?.code === 'unrecognized_keys') {
    throw new ConfigError(`${at}: unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}`);
  }
  const given = path === '' && typeof value !== 'object' ? ` (it is ${JSON.stringify(value)})` : '';
  throw new ConfigError(`${at}: ${issue?.message ?? 'invalid'}${given}`);
}

const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
