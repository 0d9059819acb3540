import { dirname } from 'node:path';
import { isFileError, type LogFiles } from './files.ts';

/**
 * Makes a folder with its missing parents so that a crash cannot take it away again: no level is made before the one
 * above it is durable. The folder's own name is synced even where it exists, since whoever made it may have crashed first.
 */
export async function ensureFolder(files: LogFiles, folder: string): Promise<void> {
  const parent = dirname(folder);
  try {
    await files.makeFolder(folder);
  } catch (error) {
    if (!isFileError(error, 'ENOENT') || parent === folder) throw error;
    await ensureFolder(files, parent);
    await files.makeFolder(folder);
  }
  await files.syncFolder(parent);
}
