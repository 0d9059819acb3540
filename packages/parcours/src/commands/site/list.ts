import { resolve } from 'node:path';
import { readControl } from '@parcours/store/control';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { configuredSites } from '../../sites/configured.ts';
import { siteSummaries } from '../../sites/in_force.ts';
import { formatTable } from '../../table.ts';

interface Flags {
  config?: string;
  data: string;
  json?: boolean;
}

export const siteListCommand = (): Command =>
  new Command('list')
    .description('List the sites that may send, and where each comes from.')
    .option('--config <file>', 'configuration file (default: that of the running program)')
    .option('--data <folder>', 'data folder', process.env.DATA || './data')
    .option('--json', 'print { sites: [{ id, origins, activeKeys, source }] } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours site list

Exit codes: 0 listed, 1 the configuration or the data folder cannot be read.`,
    )
    .action(listSites);

async function listSites({ config, data, json = false }: Flags): Promise<void> {
  const folder = dataFolder(resolve(data));
  const { file, sites: configured } = await configuredSites(folder, { config, json });
  const sites = siteSummaries({ configured, control: await readControl(folder.control), now: Date.now() });
  if (json) {
    process.stdout.write(`${JSON.stringify({ sites })}\n`);
    return;
  }
  if (sites.length === 0) {
    process.stdout.write('There is no site yet: parcours site add <id> --origin <origin>\n');
    return;
  }
  process.stdout.write(
    formatTable({
      columns: ['site', 'active keys', 'from', 'origins'].map((name) => ({ name, type: 'text' })),
      rows: sites.map(({ id, activeKeys, source, origins }) => [
        id,
        activeKeys,
        source === 'configuration' ? file : 'command',
        origins.join(' '),
      ]),
    }),
  );
}
