import { dirname } from 'node:path';
import { isFileError, type LogFiles } from './files.ts';

/**
 * Makes a folder with its missing parents so that a crash cannot take it away again: no level is made before the one
 * above it is durable. Names are synced even where they exist, since whoever made them may have failed or crashed first.
 */
export async function ensureFolder(files: LogFiles, folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent === folder) return;
  await syncName(files, parent);
  try {
    await files.makeFolder(folder);
  } catch (error) {
    if (!isFileError(error, 'ENOENT')) throw error;
    await ensureFolder(files, parent);
    await files.makeFolder(folder);
  }
  await files.syncFolder(parent);
}

/** Where there is a folder. What lies above a data folder may be closed to us: then whoever made it there has to see to it. */
async function syncName(files: LogFiles, folder: string): Promise<void> {
  try {
    await files.syncFolder(dirname(folder));
  } catch (error) {
    if (!['ENOENT', 'EACCES', 'EPERM'].some((code) => isFileError(error, code))) throw error;
  }
}
