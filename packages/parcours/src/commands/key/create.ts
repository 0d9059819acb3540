import { resolve } from 'node:path';
import { ROLES, type Role, sitesOf } from '@parcours/store/control';
import { Command } from 'commander';
import { Refusal, record } from '../../control_decision.ts';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { isSecret, type KeyPurpose, makeKey } from '../../new_key.ts';
import { openSecrets } from '../../secrets.ts';
import { configuredSites } from '../../sites/configured.ts';
import { expiry } from './expiry.ts';
import { tellNewKey } from './tell.ts';

interface Flags {
  site?: string;
  secret?: boolean;
  console?: string;
  expires?: string;
  config?: string;
  data: string;
  json?: boolean;
}

export const keyCreateCommand = (): Command =>
  new Command('create')
    .description('Make a key. A secret is shown once, here: only its hash is kept.')
    .option('--site <id>', 'for this site: a public key, which its pages send')
    .option('--secret', 'with --site: a secret key, which only servers of the shop send')
    .option('--console <role>', `a secret that opens the console: ${ROLES.join(', ')}`)
    .option('--expires <days>', 'days after which it opens nothing (default: never)')
    .option('--config <file>', 'configuration file (default: that of the running program)')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option('--json', 'print { key, secret } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours key create --site shop-fr
  parcours key create --site shop-fr --secret --expires 365
  parcours key create --console privacy

Exit codes: 0 made, 1 refused.`,
    )
    .action(createKey);

async function createKey(flags: Flags): Promise<void> {
  const { json = false } = flags;
  const folder = dataFolder(resolve(flags.data));
  const purpose = purposeOf(flags, json);
  const expires_at = expiry(flags.expires, json);
  const { sites } =
    purpose.use === 'console' ? { sites: [] } : await configuredSites(folder, { config: flags.config, json });
  const pepper = isSecret(purpose)
    ? (await openSecrets(folder.secrets).catch((error: Error) => fail(error.message, { json }))).secrets.pepper
    : undefined;
  const { record: made, shown } = makeKey(purpose, {
    pepper,
    ...expires_at,
  });
  await record(
    folder,
    (state) => {
      if (purpose.use !== 'console') {
        const known = [...sites.map(({ id }) => id), ...sitesOf(state).map(({ site }) => site)];
        if (!known.includes(purpose.site)) {
          const there = known.length === 0 ? 'there is none yet' : `there are ${known.join(', ')}`;
          throw new Refusal('unknown_site', `--site: there is no site "${purpose.site}"; ${there}`);
        }
      }
      return [made];
    },
    { json },
  );
  await tellNewKey(folder, made, { shown, json });
}

function purposeOf({ site, secret = false, console: role }: Flags, json: boolean): KeyPurpose {
  const wrong = (message: string): never => fail(message, { json, code: 'bad_flag' });
  if (role !== undefined) {
    if (site !== undefined || secret) return wrong('--console is of no site: leave --site and --secret out');
    if (!ROLES.includes(role as Role)) return wrong(`--console must be one of ${ROLES.join(', ')} (it is "${role}")`);
    return { use: 'console', role: role as Role };
  }
  if (site === undefined) return wrong('say what the key is for: --site <id>, or --console <role>');
  return { use: secret ? 'server' : 'public', site };
}
