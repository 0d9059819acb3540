import { mkdir, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { BackupError } from './backup_error.ts';
import { interrupted, UNPACKING } from './interrupted.ts';
import { filesUnder } from './kept.ts';
import type { Head, Manifest } from './manifest.ts';
import { type ReadBackupOptions, readBackup } from './read_backup.ts';

export interface RestoreOptions {
  readonly from: Readable;
  /** The data folder: absent, or empty. */
  readonly root: string;
  /** Told first, before any file; what it throws ends the restore. */
  readonly onHead?: (head: Head) => void;
  /** Brings what was unpacked up to date, before it is put in place. */
  readonly onUnpacked?: (root: string) => Promise<void>;
  readonly onProgress?: ReadBackupOptions['onProgress'];
}

/**
 * Puts the files of a backup into an empty data folder: all of them, durable, or none. Nothing is in its place before
 * the archive was read to its end and every checksum was found right.
 *
 * @throws BackupError; the folder is then as it was before
 */
export async function restoreBackup(
  options: RestoreOptions,
): Promise<{ readonly head: Head; readonly manifest: Manifest }> {
  const { from, root, onUnpacked } = options;
  await checkEmpty(root);
  const made = await mkdir(root, { recursive: true, mode: 0o700 });
  const unpacking = join(root, UNPACKING);
  try {
    await mkdir(unpacking, { mode: 0o700 });
    const restored = await readBackup({
      ...options,
      from,
      onFile: (path, pieces) => unpack(join(unpacking, path), pieces),
    });
    await onUnpacked?.(unpacking);
    await syncFolders(unpacking);
    // From here on a crash leaves `.restoring` behind, which says so.
    for (const name of await readdir(unpacking)) await rename(join(unpacking, name), join(root, name));
    await sync(root);
    await rmdir(unpacking);
    await sync(root);
    return restored;
  } catch (error) {
    await rm(unpacking, { recursive: true, force: true });
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw error;
  }
}

async function checkEmpty(root: string): Promise<void> {
  let names: readonly string[];
  try {
    names = await readdir(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code === 'ENOTDIR') throw new BackupError('not_empty', `${root} is a file, not a folder`);
    throw error;
  }
  if (names.includes(UNPACKING)) throw new BackupError('not_empty', interrupted(root));
  // A file system of its own has this from its making.
  const own = names.filter((name) => name !== 'lost+found');
  if (own.length > 0) {
    throw new BackupError(
      'not_empty',
      `${root} is not empty (${own[0]}); restore into an empty folder, or move that one away`,
    );
  }
}

async function unpack(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Never one that is there: two names of an archive may be one to the file system.
  const file = await open(path, 'wx', 0o600);
  try {
    await writeFile(file, pieces);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the names of all files and folders under one durable. */
async function syncFolders(root: string): Promise<void> {
  const folders = new Set([root]);
  for (const path of await filesUnder(root, '')) {
    for (let at = dirname(path); at !== '.'; at = dirname(at)) folders.add(join(root, at));
  }
  for (const folder of folders) await sync(folder);
}

async function sync(folder: string): Promise<void> {
  // Windows opens no folder for syncing; NTFS keeps names in its journal.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
