import { rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { asBackupError, BackupError } from './backup/backup_error.ts';
import { isThere, nameNew, syncFolder } from './whole_file.ts';

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
  if (await isThere(target)) throw isThereAlready(target);
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
    if (!(await nameNew(part, target))) throw isThereAlready(target);
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

const isThereAlready = (target: string): BackupError =>
  new BackupError('exists', `${target} is there already; it is not overwritten`);
