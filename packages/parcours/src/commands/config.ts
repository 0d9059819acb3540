import { resolve } from 'node:path';
import { Command } from 'commander';
import {
  ConfigError,
  configSchema,
  isSecret,
  type Loaded,
  loadSettings,
  type Setting,
  settings,
  valueAt,
} from '../config/index.ts';
import { formatTable } from '../table.ts';

interface Flags {
  config?: string;
  json?: boolean;
}

export const configCommand = (): Command =>
  new Command('config')
    .description('Check the configuration, and show what is in force and where each setting comes from.')
    .addHelpText(
      'after',
      `
Examples:
  parcours config check shop.json
  parcours config show

Exit codes: 0 no fault, 1 faults, or nothing to read.`,
    )
    .addCommand(checkCommand())
    .addCommand(showCommand())
    .addCommand(schemaCommand());

const checkCommand = (): Command =>
  new Command('check')
    .description('Find every fault of the configuration: file, environment and all.')
    .argument('[file]', 'configuration file (default: the one of this folder)')
    .option('--json', 'print { file, faults: [{ place, key, rule }] } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours config check /etc/parcours/parcours.config.json

Exit codes: 0 no fault, 1 faults.`,
    )
    .action(async (file: string | undefined, { json = false }: Flags) => {
      const loaded = await load(file, json);
      const name = loaded.file === undefined ? 'no file' : resolve(loaded.file);
      process.stdout.write(json ? `${JSON.stringify({ file: loaded.file, faults: [] })}\n` : `${name}: no fault\n`);
    });

const showCommand = (): Command =>
  new Command('show')
    .description('Every setting with its value in force and the place it comes from. Secret values are not shown.')
    .option('--config <file>', 'configuration file (default: the one of this folder)')
    .option('--json', 'print [{ key, value, place }] as JSON; a secret is { "secret": true }')
    .addHelpText(
      'after',
      `
Example:
  parcours config show --json

Exit codes: 0 shown, 1 the configuration has faults.`,
    )
    .action(async ({ config: file, json = false }: Flags) => {
      const loaded = await load(file, json);
      const shown = settings().map((setting) => ({ key: setting.key, ...shownSetting(setting, loaded) }));
      if (json) process.stdout.write(`${JSON.stringify(shown)}\n`);
      else {
        const columns = ['setting', 'value', 'set by'].map((name) => ({ name, type: 'text' }));
        const rows = shown.map(({ key, value, place }) => [key, cell(value), place ?? 'default']);
        process.stdout.write(formatTable({ columns, rows }));
      }
    });

const schemaCommand = (): Command =>
  new Command('schema')
    .description('The JSON Schema of the configuration file, for editors: name it in "$schema".')
    .option('--json', 'the same: it is JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours config schema > parcours.config.schema.json

Exit codes: 0 printed.`,
    )
    .action(() => void process.stdout.write(`${JSON.stringify(configSchema(), null, 2)}\n`));

function shownSetting(
  { path }: Setting,
  { config, placeOf }: Loaded,
): { readonly value: unknown; readonly place?: string } {
  const value = valueAt(config, path);
  const place = placeOf(path);
  const shown = value !== undefined && isSecret(path) ? { secret: true } : withoutSecrets(value);
  return { value: shown, ...(place !== undefined && { place }) };
}

/** Of the sites everything but what opens them. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    isSecret([key]) ? { secret: true } : withoutSecrets(inner),
  ]);
  return Object.fromEntries(entries);
}

const cell = (value: unknown): unknown => {
  if (value === undefined) return 'not set';
  if (typeof value === 'object' && value !== null && 'secret' in value) return '(not shown)';
  return typeof value === 'object' ? JSON.stringify(value) : value;
};

async function load(file: string | undefined, json: boolean): Promise<Loaded> {
  try {
    return await loadSettings({ flags: {}, file, env: process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { faults, message } = error;
    process.stderr.write(
      json ? `${JSON.stringify({ error: { code: 'configuration', message }, faults })}\n` : `${message}\n`,
    );
    process.exit(1);
  }
}
