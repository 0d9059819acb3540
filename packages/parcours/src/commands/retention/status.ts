import { resolve } from 'node:path';
import { Command } from 'commander';
import { checkDataFolder } from '../../backup/check_data_folder.ts';
import { dataFolder } from '../../data_folder.ts';
import { failWith } from '../../fail_with.ts';
import { type RetentionRun, readRetentionFile } from '../../retention/retention_file.ts';
import { retentionTable } from './table.ts';

interface Flags {
  data: string;
  json?: boolean;
}

export const retentionStatusCommand = (): Command =>
  new Command('status')
    .description('Show the last run of retention: what was held then by class and site, for how long, and how old.')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'print { last_run, overdue } as JSON')
    .addHelpText(
      'after',
      `
Example:
  parcours retention status --json

Exit codes: 0 shown; 1 the last run is more than 36 hours ago, or none was, or it cannot be told.`,
    )
    .action((flags: Flags) => status(flags).catch((error) => failWith(error, flags)));

const OVERDUE_MS = 36 * 3_600_000;

async function status({ data, json = false }: Flags): Promise<void> {
  const folder = dataFolder(resolve(data));
  await checkDataFolder(folder.root, { withSecrets: false });
  const { last_run } = await readRetentionFile(folder.retention);
  const overdue = last_run === undefined || Date.now() - Date.parse(last_run.at) > OVERDUE_MS;
  process.stdout.write(
    json ? `${JSON.stringify({ last_run: last_run ?? null, overdue })}\n` : textOf(last_run, overdue),
  );
  if (overdue) process.exitCode = 1;
}

function textOf(run: RetentionRun | undefined, overdue: boolean): string {
  if (!run) return 'Retention has not run yet: start the program, or run it with: parcours retention run\n';
  const late = overdue ? ' It is overdue: it should run once a day.' : '';
  return `${retentionTable(run, 'removed')}Last run ${run.at}, under policy ${run.policy_version}.${late}\n`;
}
