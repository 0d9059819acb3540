import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { ConfigError, loadSettings } from '../../config/index.ts';
import { fail } from '../../fail.ts';
import { startingPolicy } from '../../policy/starting_policy.ts';

interface Flags {
  country: string;
  site: string[];
  json?: boolean;
}

const each = (value: string, before: string[]): string[] => [...before, value];

export const policyInitCommand = (): Command =>
  new Command('init')
    .description('Write a policy to begin with: the built-in rules, spelt out, for the sites that there are.')
    .argument('[file]', 'file to write, .json or .ts, which has comments', 'consent.policy.json')
    .option('--country <code>', 'country of the sites', 'FR')
    .option('--site <id>', 'a site; repeat for more (default: those of the configuration file)', each, [])
    .option('--json', 'print { file } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours policy init
  parcours policy init consent.policy.ts --country BE --site shop-be

A file that is there is not written over.

Exit codes: 0 written, 1 refused.`,
    )
    .action(initPolicy);

async function initPolicy(file: string, { country, site, json = false }: Flags): Promise<void> {
  const sites = site.length > 0 ? site : await configuredIds();
  const text = startingPolicy({ country, sites, isCode: !file.endsWith('.json') });
  if (text.faults) fail(text.faults.join('; '), { json, code: 'bad_flag' });
  const path = resolve(file);
  await writeFile(path, text.text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is there already' : `cannot be written (${error.code})`;
    fail(`${path} ${why}`, { json, code: error.code === 'EEXIST' ? 'exists' : 'not_written' });
  });
  process.stdout.write(
    json ? `${JSON.stringify({ file: path })}\n` : `${path} is written. Next: parcours policy check ${file}\n`,
  );
}

async function configuredIds(): Promise<readonly string[]> {
  try {
    const { config } = await loadSettings({ flags: {}, file: undefined, env: {} });
    return config.sites.map(({ id }) => id);
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}
