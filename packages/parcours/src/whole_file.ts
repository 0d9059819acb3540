import { randomUUID } from 'node:crypto';
import { link, lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a file, for its owner alone, or puts another text in its place. Whoever opens it meanwhile, or after a crash, finds
 * nothing, the old text or the new one; on disk when this resolves.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = await writeDraft(path, text);
  try {
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(path));
}

/**
 * The same for a file that must be made once: of several processes that make it at a time one does.
 *
 * @returns false where it is there by now; it stays as it is
 */
export async function makeFile(path: string, text: string): Promise<boolean> {
  const draft = await writeDraft(path, text);
  try {
    const isMade = await nameNew(draft, path);
    if (isMade) await syncFolder(dirname(path));
    return isMade;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Beside the file that it is to be, under a name that no other process has. */
async function writeDraft(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomUUID()}.new`;
  await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  return draft;
}

/**
 * Gives a file that is written its name, unless something has that name by now: whoever looks meanwhile finds nothing, or
 * the whole file. The name that it was written under goes.
 *
 * @returns false where the name was taken, and nothing was done to what has it
 */
export async function nameNew(draft: string, path: string): Promise<boolean> {
  try {
    // A second name first, which is refused where there is one; a rename would take its place.
    await link(draft, path);
    await rm(draft);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // Some file systems have no second names.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    if (await isThere(path)) return false;
    await rename(draft, path);
    return true;
  }
}

/** Whether a name is taken, a link that leads nowhere included. */
export const isThere = async (path: string): Promise<boolean> => !!(await lstat(path).catch(() => undefined));

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
