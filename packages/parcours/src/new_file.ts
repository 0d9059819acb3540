import { rmSync } from 'node:fs';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { asBackupError, BackupError } from './backup/backup_error.ts';

/**
 * Writes a new file for its owner alone, whole or not at all: under another name beside it first, synced, and given its
 * own name at the end. What fails, or is stopped by a signal, leaves nothing.
 *
 * @param path  of a file that is not there; one that is there is never overwritten
 * @param write fills and ends the stream, and waits for its close
 * @throws BackupError `exists`, `no_space`
 */
export async function writeNewFile<T>(path: string, write: (to: Writable) => Promise<T>): Promise<T> {
  const target = resolve(path);
  await refuseThere(target);
  const part = `${target}.${process.pid}.part`;
  const removePart = (): void => rmSync(part, { force: true });
  const onSignal = (): never => {
    removePart();
    process.exit(1);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, onSignal);
  let stream: Writable | undefined;
  try {
    // Opened before anybody waits for content: a folder that is not there, or takes no file, is told here.
    const file = await open(part, 'wx', 0o600);
    // Synced before it is closed.
    stream = file.createWriteStream({ flush: true });
    const result = await write(stream);
    await giveName(part, target);
    await syncFolder(dirname(target));
    return result;
  } catch (error) {
    throw asBackupError(error, path);
  } finally {
    stream?.destroy();
    await rm(part, { force: true });
    for (const signal of signals) process.off(signal, onSignal);
  }
}

async function refuseThere(target: string): Promise<void> {
  const there = await lstat(target).catch(() => undefined);
  if (there) throw new BackupError('exists', `${target} is there already; it is not overwritten`);
}

/** A second name first, which is refused where there is one by now; a rename would take its place. */
async function giveName(part: string, target: string): Promise<void> {
  try {
    await link(part, target);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') await refuseThere(target);
    // Some file systems have no second names.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    await refuseThere(target);
    await rename(part, target);
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
