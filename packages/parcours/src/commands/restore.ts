import { resolve } from 'node:path';
import { Command } from 'commander';
import { BackupError } from '../backup/backup_error.ts';
import { dataFolder } from '../data_folder.ts';
import { FORMAT, migrate } from '../data_format.ts';
import { failWith } from '../fail_with.ts';
import { createProgress, formatBytes } from '../progress.ts';
import { isRunning, readRunFile } from '../run_file.ts';
import { asReadError, openBackup } from './backup.ts';

interface Flags {
  data: string;
  rebuild: boolean;
  json?: boolean;
}

export const restoreCommand = (): Command =>
  new Command('restore')
    .description('Put a backup into an empty data folder, checked to the last byte first, and make its database again.')
    .argument('<file>', 'a file that `parcours backup` made; - is standard input')
    .option('--data <folder>', 'data folder: absent or empty', process.env.DATA || './data')
    .option('--no-rebuild', 'leave the database to the first start')
    .option('--json', 'print { data, bytes, files, seconds, secrets, made_at, restoredRows, loadedRows } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours restore /var/backups/parcours-2026-11-25.tar --data /var/lib/parcours
  age -d -i key.txt parcours.tar.age | parcours restore - --data /var/lib/parcours

Exit codes: 0 done, 1 refused or failed; the data folder is then as it was.`,
    )
    .action((file: string, flags: Flags) => restore(file, flags).catch((error) => failWith(error, flags)));

async function restore(file: string, { data, rebuild, json = false }: Flags): Promise<void> {
  const root = resolve(data);
  const run = await readRunFile(dataFolder(root).run);
  if (run && (await isRunning(run)))
    throw new BackupError('running', `a parcours (process ${run.pid}) runs on ${root}`);
  const { restoreBackup } = await import('../backup/restore.ts');
  const progress = createProgress({ quiet: json });
  const startedAt = performance.now();
  const migrated: string[] = [];
  const { head, manifest } = await restoreBackup({
    from: await openBackup(file),
    root,
    onHead({ format, version }) {
      if (format <= FORMAT) return;
      throw new BackupError(
        'newer',
        `it is of data format ${format}, by parcours ${version}; this one knows up to ${FORMAT}`,
      );
    },
    onUnpacked: (unpacked) => migrate(unpacked, { onStep: ({ to, does }) => migrated.push(`format ${to}: ${does}`) }),
    onProgress: ({ bytes, files }) => progress.update(() => `restore: ${formatBytes(bytes)}, ${files} files`),
  }).catch((error) => {
    throw asReadError(error, file);
  });
  progress.end();
  const bytes = manifest.files.reduce((sum, each) => sum + each.bytes, 0);
  const say = (line: string): void => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  say(`Restored ${manifest.files.length} files, ${formatBytes(bytes)}, as of ${head.made_at}.`);
  for (const step of migrated) say(`Migrated to ${step}.`);
  if (!head.secrets) {
    process.stderr.write(
      'parcours: the backup is without secrets: new ones will be made, joins and visitor ids are lost\n',
    );
  }
  const rows = rebuild ? await remake(root, say) : {};
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const { secrets, made_at } = head;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ data: root, bytes, files: manifest.files.length, seconds, secrets, made_at, ...rows })}\n`,
    );
  }
}

async function remake(root: string, say: (line: string) => void): Promise<object> {
  say('Making the database again from sealed days and the log …');
  const { rebuildEngine } = await import('../engine.ts');
  try {
    const { restoredRows, loadedRows } = await rebuildEngine({ data: root, queryMemoryMb: 512 });
    say(`${restoredRows} events from sealed days, ${loadedRows} from the log.`);
    return { restoredRows, loadedRows };
  } catch (error) {
    const reason = (error as Error).message;
    throw new BackupError(
      'failed',
      `all files are restored, but the database is not made: ${reason}; try parcours rebuild`,
    );
  }
}
