import { resolve } from 'node:path';
import { nearest } from '@parcours/protocol/policy';
import type { z } from 'zod';
import { readEnvironment } from './environment.ts';
import { ConfigError, type ConfigFault } from './error.ts';
import { type ConfigFile, findConfigFile, readConfigFile } from './file.ts';
import { isWithin, type Path, pathText, valueAt, withValueAt } from './path.ts';
import { type Config, config } from './schema.ts';
import { readText, settings } from './settings.ts';
import { shownValue } from './shown_value.ts';

/** A setting that something beside the file has set. */
interface Override {
  readonly path: Path;
  readonly place: string;
}

export interface LoadOptions {
  /** As given on the command line, by configuration key; undefined ones count as absent. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  /** Path of the file; without it the one of this folder, where there is one. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Loaded {
  readonly config: Config;
  /** Path of the file that was read. */
  readonly file?: string;
  /** Where a setting was set; undefined where it has its default. */
  placeOf(path: Path): string | undefined;
}

/**
 * The configuration in force: flags over environment over file over defaults. Each of the three is laid over the one below,
 * then the whole is checked, so that a fault is told with the place that set it.
 *
 * @throws ConfigError with every fault there is
 */
export async function loadSettings({ flags, file, env }: LoadOptions): Promise<Loaded> {
  const path = file ?? findConfigFile();
  const read = path === undefined ? undefined : await readConfigFile(path);
  const known = settings();
  const overrides: Override[] = [];
  let input: unknown = read?.value ?? {};
  const override = (at: Path, value: unknown, place: string): void => {
    input = withValueAt(input, at, value);
    overrides.push({ path: at, place });
  };
  const { set, unknown } = readEnvironment(env, known);
  for (const { setting, variable, text } of set)
    override(setting.path, readText(setting, text), `environment variable ${variable}`);
  for (const setting of known) {
    const text = setting.flag && flags[setting.path[0] as string];
    if (text !== undefined) override(setting.path, readText(setting, text), `flag ${setting.flag}`);
  }
  const faults: ConfigFault[] = unknown.map(({ variable, nearest: near }) => ({
    place: `environment variable ${variable}`,
    rule: `sets nothing${near ? `; did you mean ${near}?` : '; see parcours config show'}`,
  }));
  const parsed = config.safeParse(input);
  for (const issue of parsed.error?.issues ?? []) faults.push(...faultsOf(issue, { input, overrides, read }));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const { $schema, ...checked } = parsed.data;
  return {
    config: { ...checked, data: resolve(checked.data) },
    ...(path !== undefined && { file: path }),
    placeOf: (at) =>
      overridden(overrides, at)?.place ?? (valueAt(read?.value, at) === undefined ? undefined : read?.path),
  };
}

/** `loadSettings` where only the settings count. */
export const loadConfig = async (options: LoadOptions): Promise<Config> => (await loadSettings(options)).config;

/** The last word on a setting beside the file's. */
const overridden = (overrides: readonly Override[], path: Path): Override | undefined =>
  overrides.findLast((each) => isWithin(each.path, path));

function faultsOf(
  issue: z.core.$ZodIssue,
  { input, overrides, read }: { input: unknown; overrides: readonly Override[]; read: ConfigFile | undefined },
): readonly ConfigFault[] {
  const path = issue.path as Path;
  const at = (where: Path, rule: string): ConfigFault => {
    const by = overridden(overrides, where);
    const place = by?.place ?? read?.placeOf(where) ?? 'configuration';
    // A variable or flag names its setting itself.
    const key = pathText(by ? where.slice(by.path.length) : where);
    return { place, ...(key !== '' && { key }), rule };
  };
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const rule = `unknown key "${key}"${near ? `; did you mean "${near}"?` : `; there are ${known.join(', ')}`}`;
      return { ...at([...path, key], rule), ...(path.length > 0 ? { key: pathText(path) } : { key: '' }) };
    });
  }
  const shown = shownValue(path, valueAt(input, path));
  return [at(path, `${issue.message}${shown ? ` (it is ${shown})` : ''}`)];
}

/** The keys that an object of the configuration may have. */
function knownKeys(path: Path): readonly string[] {
  let schema: unknown = config;
  for (const step of path) {
    const { shape, element } = unwrapped(schema);
    schema = typeof step === 'number' ? element : shape?.[step];
  }
  return Object.keys(unwrapped(schema).shape ?? {}).filter((key) => key !== '$schema');
}

interface Inner {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly element?: unknown;
}

/** What lies under defaults and the like. */
function unwrapped(schema: unknown): Inner {
  let here = schema as { readonly unwrap?: () => unknown } & Inner;
  while (here?.unwrap && !here.shape && !here.element) here = here.unwrap() as typeof here;
  return here ?? {};
}
