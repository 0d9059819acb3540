import { open } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Command } from 'commander';
import { asBackupError, BackupError } from '../backup/backup_error.ts';
import { checkDataFolder } from '../backup/check_data_folder.ts';
import type { Manifest } from '../backup/manifest.ts';
import { readFormat } from '../data_format.ts';
import { failWith } from '../fail_with.ts';
import { writeNewFile } from '../new_file.ts';
import { createProgress, formatBytes } from '../progress.ts';
import { version } from '../version.ts';

interface Flags {
  data: string;
  verify?: boolean;
  /** Commander's name for `--without-secrets` being absent. */
  withoutSecrets?: boolean;
  json?: boolean;
}

export const backupCommand = (): Command =>
  new Command('backup')
    .description(
      'Write one file with all that a data folder must keep: log, sealed days, control records, scripts, secrets.',
    )
    .argument('<file>', 'the file to make; - is standard output, or standard input with --verify')
    .option('--verify', 'read a backup instead, and check every byte of it')
    .option(
      '--without-secrets',
      'leave the secrets out: whoever finds the file learns none, and joins cannot be restored',
    )
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'print { file, bytes, files, seconds, secrets, positions } as JSON')
    .addHelpText(
      'after',
      `
The file holds the secrets and what customers did, unencrypted, for its owner alone (mode 0600). To encrypt it,
write to standard output and pipe it on. It is never overwritten.

Examples:
  parcours backup /var/backups/parcours-2026-11-25.tar
  parcours backup --verify /var/backups/parcours-2026-11-25.tar
  parcours backup - | age -r age1… > parcours.tar.age

Exit codes: 0 done, 1 refused or failed; nothing is left behind then.`,
    )
    .action((file: string, flags: Flags) =>
      (flags.verify ? verify(file, flags) : backup(file, flags)).catch((error) => failWith(error, flags)),
    );

async function backup(file: string, { data, withoutSecrets = false, json = false }: Flags): Promise<void> {
  const root = resolve(data);
  await checkDataFolder(root, { withSecrets: !withoutSecrets });
  const toOutput = file === '-';
  if (!toOutput && isInside(root, resolve(file))) {
    throw new BackupError('failed', `${file} lies in the data folder and would be lost with it; choose another place`);
  }
  if (withoutSecrets)
    warn('without secrets: a restore makes new ones, visitors get new ids, and joins with the CRM are lost');
  const { writeBackup } = await import('../backup/write_backup.ts');
  const progress = createProgress({ quiet: json });
  const startedAt = performance.now();
  const head = { format: await readFormat(root), version, made_at: new Date().toISOString(), secrets: !withoutSecrets };
  const write = (to: Writable): Promise<Manifest> =>
    writeBackup({
      root,
      to,
      head,
      onProgress: ({ bytes, files }) => progress.update(() => `backup: ${formatBytes(bytes)}, ${files} files`),
    });
  const written = await (toOutput ? write(process.stdout).catch(unlessClosed) : writeNewFile(file, write));
  progress.end();
  tell(written, {
    verb: 'Backed up',
    file,
    json,
    startedAt,
    secrets: !withoutSecrets,
    to: toOutput ? 'stderr' : 'stdout',
  });
}

async function verify(file: string, { json = false }: Flags): Promise<void> {
  const { readBackup } = await import('../backup/read_backup.ts');
  const progress = createProgress({ quiet: json });
  const startedAt = performance.now();
  const { head, manifest } = await readBackup({
    from: await openBackup(file),
    onProgress: ({ bytes, files }) => progress.update(() => `verify: ${formatBytes(bytes)}, ${files} files`),
  }).catch((error) => {
    throw asReadError(error, file);
  });
  progress.end();
  tell(manifest, { verb: 'Verified', file, json, startedAt, secrets: head.secrets, to: 'stdout' });
}

/** A backup to read: a file, or standard input where it is `-`. */
export async function openBackup(file: string): Promise<Readable> {
  if (file === '-') return process.stdin;
  const opened = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new BackupError('failed', `${file} cannot be read (${error.code})`);
  });
  return opened.createReadStream({ highWaterMark: 256 * 1024 });
}

/** What a backup could not be read for, with its name before it. */
export function asReadError(error: Error, file: string): Error {
  if (error instanceof BackupError) return new BackupError(error.code, `${file}: ${error.message}`, { cause: error });
  return asBackupError(error, (error as NodeJS.ErrnoException).path ?? file);
}

const isInside = (root: string, path: string): boolean => !relative(root, path).startsWith('..');

function unlessClosed(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') throw new BackupError('failed', 'whatever reads the backup stopped before its end');
  throw error;
}

interface Told {
  readonly verb: string;
  readonly file: string;
  readonly json: boolean;
  readonly startedAt: number;
  readonly secrets: boolean;
  readonly to: 'stdout' | 'stderr';
}

function tell({ files, positions }: Manifest, { verb, file, json, startedAt, secrets, to }: Told): void {
  const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const shown = json
    ? JSON.stringify({ file, bytes, files: files.length, seconds, secrets, positions })
    : `${verb} ${files.length} files, ${formatBytes(bytes)}, in ${seconds.toFixed(1)} s${secrets ? '' : ', without secrets'}: ${file}`;
  process[to].write(`${shown}\n`);
}

const warn = (line: string): void => {
  process.stderr.write(`parcours: ${line}\n`);
};
