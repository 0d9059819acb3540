import { resolve } from 'node:path';
import { Command } from 'commander';
import { BackupError } from '../backup/backup_error.ts';
import { checkDataFolder } from '../backup/check_data_folder.ts';
import { dataFolder } from '../data_folder.ts';
import { FORMAT, migrate, pendingMigrations } from '../data_format.ts';
import { failWith } from '../fail_with.ts';
import { isRunning, readRunFile } from '../run_file.ts';

interface Flags {
  dryRun?: boolean;
  data: string;
  json?: boolean;
}

export const migrateCommand = (): Command =>
  new Command('migrate')
    .description('Bring a data folder that an earlier version made to the format of this one, step by step.')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--data <folder>', 'data folder; nothing runs on it, unless with --dry-run', process.env.DATA || './data')
    .option('--json', 'print { format, steps: [{ to, does }], done } as JSON')
    .addHelpText(
      'after',
      `
A start takes steps that only add by itself; it names this command where one does more. Back up first.
An interrupted run is taken up again where it was.

Examples:
  parcours migrate --dry-run
  parcours migrate --data /var/lib/parcours

Exit codes: 0 done or nothing to do, 1 refused or failed.`,
    )
    .action((flags: Flags) => migrateData(flags).catch((error) => failWith(error, flags)));

async function migrateData({ data, dryRun = false, json = false }: Flags): Promise<void> {
  const root = resolve(data);
  const run = await readRunFile(dataFolder(root).run);
  // What would be done can be asked at any time.
  if (!dryRun && run && (await isRunning(run)))
    throw new BackupError('running', `stop the parcours that runs on ${root} first`);
  await checkDataFolder(root, { withSecrets: false });
  const steps = (await pendingMigrations(root)).map(({ to, does }) => ({ to, does }));
  const say = (line: string): void => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  for (const { to, does } of steps) say(`To format ${to}: ${does}.`);
  if (steps.length === 0) say(`Nothing to do: the data folder is of format ${FORMAT}.`);
  else if (dryRun) say('Nothing is done (--dry-run).');
  if (!dryRun) await migrate(root);
  if (steps.length > 0 && !dryRun) say('Done.');
  if (json) process.stdout.write(`${JSON.stringify({ format: FORMAT, steps, done: !dryRun })}\n`);
}
