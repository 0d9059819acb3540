import { statfs } from 'node:fs/promises';
import { nearestFolder } from '../../file_system.ts';

/** Room on a disk, as an ordinary user has it. */
export interface Space {
  readonly freeBytes: number;
  /** Of what an ordinary user may use, 0 to 1, as `df` counts. */
  readonly freeShare: number;
  /** 0 to 1; undefined where the file system makes inodes as it needs them. */
  readonly freeInodeShare: number | undefined;
}

/** Of a folder's disk, also where the folder is yet to be made. */
export async function spaceOf(folder: string): Promise<Space> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(await nearestFolder(folder));
  const usable = blocks - bfree + bavail;
  return {
    freeBytes: bavail * bsize,
    freeShare: usable === 0 ? 0 : bavail / usable,
    freeInodeShare: files === 0 ? undefined : ffree / files,
  };
}
