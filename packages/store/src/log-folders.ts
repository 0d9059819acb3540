import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFiles } from './log/disk.ts';
import { isFileError } from './log/files.ts';
import type { Position } from './log/position.ts';
import { listSegments, segmentPath } from './log/segment.ts';

/** The logs in a folder, one folder each, by name; none where there is no folder. */
export async function listLogs(logs: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(logs, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Bytes of a log after a position; all of them if there is none. */
export async function bytesAfter(folder: string, position: Position | undefined): Promise<number> {
  let total = 0;
  for (const segment of await listSegments(diskFiles, folder)) {
    if (position && segment < position.segment) continue;
    const size = await sizeOf(segmentPath(folder, segment));
    total += segment === position?.segment ? Math.max(0, size - position.offset) : size;
  }
  return total;
}

/** 0 where retention took the file meanwhile. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return 0;
    throw error;
  }
}

/** The folder of a log. */
export const logFolder = (logs: string, log: string): string => join(logs, log);
