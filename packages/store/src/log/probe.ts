import { join } from 'node:path';
import { isFileError, type LogFiles } from './files.ts';

/** What is written: enough to need a block of its own. */
const SAMPLE = new Uint8Array(4096);

/**
 * Whether bytes can be made durable in the folder now: writes, syncs and removes `probe.tmp`. Syncing an open segment
 * would not tell, since a sync without new bytes succeeds on a full disk. One at a time.
 */
export async function canWrite(files: LogFiles, folder: string): Promise<boolean> {
  const path = join(folder, 'probe.tmp');
  try {
    // Left by a crash, or there was none.
    await files.remove(path).catch((error) => {
      if (!isFileError(error, 'ENOENT')) throw error;
    });
    const file = await files.create(path);
    try {
      await file.append(SAMPLE);
      await file.datasync();
    } finally {
      await file.close();
      await files.remove(path);
    }
    return true;
  } catch {
    return false;
  }
}
