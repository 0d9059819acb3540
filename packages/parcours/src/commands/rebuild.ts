import { resolve } from 'node:path';
import { Command } from 'commander';
import { checkDataFolder } from '../backup/check_data_folder.ts';
import { dataFolder } from '../data_folder.ts';
import { prepareDataFolder } from '../data_format.ts';
import { fail } from '../fail.ts';
import { failWith } from '../fail_with.ts';
import { isRunning, readRunFile } from '../run_file.ts';

export const rebuildCommand = (): Command =>
  new Command('rebuild')
    .description('Make the database again from sealed days and the log. The old file is moved aside.')
    .option('--data <folder>', 'data folder, nothing running on it', process.env.DATA || './data')
    .option('--json', 'print { restoredRows, loadedRows, movedAside } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours rebuild --data /var/lib/parcours

Exit codes: 0 done, 1 not possible.`,
    )
    .action(rebuildData);

async function rebuildData({ data, json = false }: { data: string; json?: boolean }): Promise<void> {
  const folder = dataFolder(resolve(data));
  const run = await readRunFile(folder.run);
  if (run && (await isRunning(run)))
    fail(`stop the parcours that runs on ${folder.root} first`, { json, code: 'running' });
  // Else a name mistyped would become a new and empty folder, and "0 events" its good news.
  await checkDataFolder(folder.root, { withSecrets: false }).catch((error) => failWith(error, { json }));
  await prepareDataFolder(folder.root).catch((error) => failWith(error, { json }));
  // Loaded only here: no other command needs a database engine in its process.
  const { rebuildEngine } = await import('../engine.ts');
  if (!json) process.stderr.write('Rebuilding from sealed days and the log …\n');
  const rebuilt = await rebuildEngine({ data: folder.root, queryMemoryMb: 512 }).catch((error: Error) =>
    fail(error.message, { json }),
  );
  const { restoredRows, loadedRows, badLines, movedAside } = rebuilt;
  process.stdout.write(
    json
      ? `${JSON.stringify(rebuilt)}\n`
      : `${restoredRows} events from sealed days, ${loadedRows} from the log.${badLines ? ` ${badLines} lines of the log held no record and were passed over.` : ''}${movedAside ? ` Old file: ${movedAside}` : ''}\n`,
  );
}
