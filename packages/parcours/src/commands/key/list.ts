import { resolve } from 'node:path';
import { type ControlKey, keysOf, readControl } from '@parcours/store/control';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { configuredSites } from '../../sites/configured.ts';
import { formatTable } from '../../table.ts';

interface Flags {
  all?: boolean;
  config?: string;
  data: string;
  json?: boolean;
}

export const keyListCommand = (): Command =>
  new Command('list')
    .description('List keys: what each opens, how it stands and where it comes from. Never a secret.')
    .option('--all', 'expired and revoked ones too')
    .option('--config <file>', 'configuration file (default: that of the running program)')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option(
      '--json',
      'print { keys: [{ id, use, site, role, public_key, state, created_at, ends_at, source }] } as JSON',
    )
    .addHelpText(
      'after',
      `
Example:
  parcours key list --all

Exit codes: 0 listed, 1 the configuration or the data folder cannot be read.`,
    )
    .action(listKeys);

/** A key as it is listed; what it has none of is absent. */
interface Listed {
  /** None for a key of the configuration file: it is taken out there. */
  readonly id?: string;
  readonly use: 'public' | 'server' | 'console';
  readonly site?: string;
  readonly role?: string;
  readonly public_key?: string;
  readonly state: ControlKey['state'];
  readonly created_at?: string;
  readonly ends_at?: string;
  readonly replaces?: string;
  readonly source: 'configuration' | 'command';
}

async function listKeys({ all = false, config, data, json = false }: Flags): Promise<void> {
  const folder = dataFolder(resolve(data));
  const { file, sites } = await configuredSites(folder, { config, json });
  const configured = sites.flatMap(({ id, keys }) =>
    keys.map(
      (public_key): Listed => ({ use: 'public', site: id, public_key, state: 'active', source: 'configuration' }),
    ),
  );
  const made = keysOf(await readControl(folder.control), Date.now()).map(listed);
  const keys = [...configured, ...made].filter(({ state }) => all || state === 'active' || state === 'expiring');
  if (json) {
    process.stdout.write(`${JSON.stringify({ keys })}\n`);
    return;
  }
  if (keys.length === 0) {
    process.stdout.write('There is no key yet: parcours key create --site <id>, or --console <role>\n');
    return;
  }
  const from = (key: Listed): string => (key.source === 'configuration' ? file : 'command');
  process.stdout.write(
    formatTable({
      columns: ['id', 'use', 'for', 'public key', 'state', 'ends', 'from'].map((name) => ({ name, type: 'text' })),
      rows: keys.map((key) => [
        key.id ?? '-',
        key.use,
        key.site ?? key.role,
        key.public_key ?? '(secret)',
        key.state,
        key.ends_at ?? '',
        from(key),
      ]),
    }),
  );
}

function listed({ created, state, ends_at }: ControlKey): Listed {
  return {
    id: created.key,
    use: created.use,
    ...(created.use === 'console' ? { role: created.role } : { site: created.site }),
    ...(created.use === 'public' && { public_key: created.public_key }),
    state,
    created_at: created.at,
    ...(ends_at !== undefined && { ends_at }),
    ...(created.replaces !== undefined && { replaces: created.replaces }),
    source: 'command',
  };
}
