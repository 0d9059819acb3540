import { type FileHandle, link, mkdir, open, readdir, rename, statfs, unlink, writeFile } from 'node:fs/promises';
import { isFileError, type LogFiles, type LogReader, type LogWriter } from './files.ts';

/** The disk itself. Files and folders are made for their owner alone: they hold what customers did. */
export const diskFiles: LogFiles = {
  // 'ax' is O_APPEND | O_CREAT | O_EXCL.
  create: async (path) => writer(await open(path, 'ax', 0o600)),
  open: async (path) => reader(await open(path, 'r')),
  list: (folder) => unless('ENOENT', readdir(folder), []),
  makeFolder: (folder) => unless('EEXIST', made(folder), false),
  async syncFolder(folder) {
    // Windows opens no folder for syncing; NTFS keeps names in its journal.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async syncFile(path) {
    // Windows syncs no file that is opened for reading alone.
    const handle = await open(path, 'r+');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  },
  async replace(path, bytes) {
    const fresh = `${path}.new`;
    await writeFile(fresh, bytes, { mode: 0o600 });
    await rename(fresh, path);
  },
  remove: unlink,
  link,
  async diskUse(folder) {
    const { blocks, bfree, bavail } = await statfs(folder);
    const used = blocks - bfree;
    // As df does: blocks kept for root count neither as used nor as free.
    return used === 0 ? 0 : used / (used + bavail);
  },
};

const writer = (handle: FileHandle): LogWriter => ({
  async append(bytes) {
    // A write may stop early without an error, such as at a signal.
    for (let done = 0; done < bytes.length; ) {
      done += (await handle.write(bytes, done, bytes.length - done, null)).bytesWritten;
    }
  },
  datasync: () => handle.datasync(),
  size: async () => (await handle.stat()).size,
  close: () => handle.close(),
});

const reader = (handle: FileHandle): LogReader => ({
  async read(position, length) {
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await handle.read(bytes, done, length - done, position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  },
  size: async () => (await handle.stat()).size,
  close: () => handle.close(),
});

async function made(folder: string): Promise<boolean> {
  await mkdir(folder, { mode: 0o700 });
  return true;
}

async function unless<T>(code: string, attempt: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (isFileError(error, code)) return otherwise;
    throw error;
  }
}
