import { basename, resolve } from 'node:path';
import { diskFiles } from './disk.ts';
import { isFileError, type LogFiles } from './files.ts';
import type { Position } from './position.ts';
import { listSegments, segmentName, segmentPath } from './segment.ts';

export interface RetentionOptions {
  readonly folder: string;
  /** Ms since the epoch: segments whose last record was written before are old. */
  readonly olderThan: number;
  /** How far this log has been loaded, as the engine committed it. Nothing at or after its segment is removed. */
  readonly confirmed: Position;
  /** Default: the disk. */
  readonly files?: LogFiles;
}

/**
 * Removes segments that are loaded and old; never the newest, which may be open. A segment's age is that of its
 * successor, made after the last record was written: its own would let a segment go that was kept open for days.
 *
 * @returns the file names removed, oldest first
 * @throws TypeError if the position is another log's
 */
export async function removeOldSegments(options: RetentionOptions): Promise<readonly string[]> {
  const { olderThan, confirmed, files = diskFiles } = options;
  const folder = resolve(options.folder);
  if (confirmed.log !== basename(folder)) {
    throw new TypeError(`[retention] the position is of ${confirmed.log}, not of ${basename(folder)}`);
  }
  const segments = await listSegments(files, folder);
  const removed: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const successor = segments[index + 1];
    if (successor === undefined || successor > olderThan || segment >= confirmed.segment) break;
    await files.remove(segmentPath(folder, segment)).catch((error) => {
      if (!isFileError(error, 'ENOENT')) throw error;
    });
    removed.push(segmentName(segment));
  }
  return removed;
}
