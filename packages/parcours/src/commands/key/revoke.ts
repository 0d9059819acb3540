import { resolve } from 'node:path';
import { Command } from 'commander';
import { record } from '../../control_decision.ts';
import { dataFolder } from '../../data_folder.ts';
import { openKey } from './find.ts';

export const keyRevokeCommand = (): Command =>
  new Command('revoke')
    .description('Revoke a key for good: within a second it opens nothing.')
    .argument('<key id>', 'k_..., as parcours key list shows it, or a public key')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option('--json', 'print { key } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours key revoke k_3f9a1c2b4d5e

Exit codes: 0 revoked, 1 refused.`,
    )
    .action(revokeKey);

async function revokeKey(name: string, { data, json = false }: { data: string; json?: boolean }): Promise<void> {
  const folder = dataFolder(resolve(data));
  let key = '';
  await record(
    folder,
    (state) => {
      key = openKey(state, name).created.key;
      return [{ kind: 'key_revoked', key }];
    },
    { json },
  );
  process.stdout.write(json ? `${JSON.stringify({ key })}\n` : `Key ${key} is revoked.\n`);
}
