import { basename, resolve } from 'node:path';
import { diskFiles } from './disk.ts';
import { isFileError, type LogFiles } from './files.ts';
import type { Position } from './position.ts';
import { listSegments, segmentName, segmentPath } from './segment.ts';

/** How the name of a log begins that one run writes and closes, such as a replay: the next run has another. */
export const ONE_RUN = 'replay-';

export interface RetentionOptions {
  readonly folder: string;
  /** Ms since the epoch: segments whose last record was written before are old. */
  readonly olderThan: number;
  /** How far this log has been loaded, as the engine committed it. Nothing at or after its segment is removed. */
  readonly confirmed: Position;
  /** Whether nobody writes to it any more: then its newest segment goes too, once it is old and loaded to its end. Default false. */
  readonly isFinished?: boolean;
  /** Default: the disk. */
  readonly files?: LogFiles;
}

/**
 * Removes segments that are loaded and old; never the newest, which may be open, unless its log is finished. A segment's age
 * is that of its successor, made after the last record was written: its own would let a segment go that was kept open for days.
 *
 * @returns the file names removed, oldest first
 * @throws TypeError if the position is another log's
 */
export async function removeOldSegments(options: RetentionOptions): Promise<readonly string[]> {
  const { olderThan, confirmed, isFinished = false, files = diskFiles } = options;
  const folder = resolve(options.folder);
  if (confirmed.log !== basename(folder)) {
    throw new TypeError(`[retention] the position is of ${confirmed.log}, not of ${basename(folder)}`);
  }
  const segments = await listSegments(files, folder);
  const removed: string[] = [];
  const remove = async (segment: number): Promise<void> => {
    await files.remove(segmentPath(folder, segment)).catch((error) => {
      if (!isFileError(error, 'ENOENT')) throw error;
    });
    removed.push(segmentName(segment));
  };
  for (const [index, segment] of segments.entries()) {
    const successor = segments[index + 1];
    if (successor === undefined) {
      // Written to for an hour at most from when it was made.
      const isOld = segment + HOUR_MS <= olderThan;
      if (isFinished && isOld && (await isLoaded(segment, { folder, files, confirmed }))) await remove(segment);
      break;
    }
    if (successor > olderThan || segment >= confirmed.segment) break;
    await remove(segment);
  }
  return removed;
}

const HOUR_MS = 3_600_000;

async function isLoaded(
  segment: number,
  { folder, files, confirmed }: Required<Pick<RetentionOptions, 'folder' | 'files' | 'confirmed'>>,
): Promise<boolean> {
  if (segment !== confirmed.segment) return segment < confirmed.segment;
  const file = await files.open(segmentPath(folder, segment));
  try {
    return confirmed.offset >= (await file.size());
  } finally {
    await file.close();
  }
}
