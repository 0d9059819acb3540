import { resolve } from 'node:path';
import { isOpen, keysOf, sitesOf } from '@parcours/store/control';
import { Command } from 'commander';
import { Refusal, record } from '../../control_decision.ts';
import { dataFolder } from '../../data_folder.ts';
import { configuredSites } from '../../sites/configured.ts';

interface Flags {
  config?: string;
  data: string;
  json?: boolean;
}

export const siteRemoveCommand = (): Command =>
  new Command('remove')
    .description('Remove a site: nothing more is received for it, and its keys are revoked. Its events stay.')
    .argument('<id>', 'the site')
    .option('--config <file>', 'configuration file (default: that of the running program)')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option('--json', 'print { site, revokedKeys } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours site remove shop-fr

Exit codes: 0 removed, 1 refused.`,
    )
    .action(removeSite);

async function removeSite(id: string, { config, data, json = false }: Flags): Promise<void> {
  const folder = dataFolder(resolve(data));
  const { file, sites } = await configuredSites(folder, { config, json });
  let revokedKeys: readonly string[] = [];
  await record(
    folder,
    (state) => {
      if (!sitesOf(state).some(({ site }) => site === id)) {
        if (sites.some((site) => site.id === id)) {
          throw new Refusal('site_configured', `site "${id}" is in ${file}: take it out there and start again`);
        }
        throw new Refusal('unknown_site', `there is no site "${id}" (parcours site list)`);
      }
      revokedKeys = keysOf(state, Date.now())
        .filter((key) => isOpen(key) && key.created.use !== 'console' && key.created.site === id)
        .map(({ created }) => created.key);
      return [{ kind: 'site_removed', site: id }];
    },
    { json },
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ site: id, revokedKeys })}\n`);
    return;
  }
  const keys = revokedKeys.length === 0 ? '' : ` Its keys are revoked: ${revokedKeys.join(', ')}.`;
  process.stdout.write(`Site ${id} is removed.${keys}\nThe events that were received for it stay in the tables.\n`);
}
