import { join, resolve } from 'node:path';
import { chainWriters } from '../chain/read.ts';
import { diskFiles } from '../log/disk.ts';
import { isFileError, type LogFiles } from '../log/files.ts';
import { readLog } from '../log/read.ts';
import { listSegments, segmentPath } from '../log/segment.ts';
import { parseControl } from './parse.ts';

export interface RemoveTombstonesOptions {
  /** The folder of all writers, such as `data/control`. */
  readonly folder: string;
  /** Those written before go, ms since the epoch: `tombstonesEnd`. */
  readonly before: number;
  /** Only tells what would go. Default false. */
  readonly dryRun?: boolean;
  /** Default: the disk. */
  readonly files?: LogFiles;
}

/** What went of the marks of the erased, or would go. */
export interface RemovedTombstones {
  readonly removed: number;
  /** When the oldest of those left was written, UTC; absent where there is none. */
  readonly oldest?: string;
}

/**
 * Takes away the marks of the erased that hold no more. An erasure is a segment of its own: a segment goes where it holds such
 * marks alone. The newest of a writer stays, so that its number is never used again, which a follower would take for one that it
 * has read. Killed and called again, the same are left: each segment goes whole, and none depends on another.
 *
 * @throws the file system's errors
 */
export async function removeTombstones(options: RemoveTombstonesOptions): Promise<RemovedTombstones> {
  const { before, dryRun = false, files = diskFiles } = options;
  const root = resolve(options.folder);
  let removed = 0;
  let oldest: string | undefined;
  for (const writer of await chainWriters(root)) {
    const folder = join(root, writer);
    const segments = await listSegments(files, folder);
    for (const segment of segments) {
      const { tombstones, others } = await whatIsIn({ folder, segment, files });
      const isOld = others === 0 && tombstones.length > 0 && tombstones.every((at) => Date.parse(at) <= before);
      if (isOld && segment !== segments.at(-1)) {
        removed += tombstones.length;
        if (!dryRun) await remove(segmentPath(folder, segment), files);
        continue;
      }
      for (const at of tombstones) if (oldest === undefined || at < oldest) oldest = at;
    }
  }
  return { removed, ...(oldest !== undefined && { oldest }) };
}

/** When each mark of a segment was made, and how many lines are something else, whatever it is. */
async function whatIsIn({
  folder,
  segment,
  files,
}: {
  readonly folder: string;
  readonly segment: number;
  readonly files: LogFiles;
}): Promise<{ readonly tombstones: readonly string[]; readonly others: number }> {
  const tombstones: string[] = [];
  let others = 0;
  for await (const chunk of readLog({ folder, files, from: { segment, offset: 0 } })) {
    if (chunk.segment !== segment) break;
    others += chunk.bad.length;
    for (const json of chunk.records) {
      const record = parseControl(json);
      if (typeof record !== 'string' && record.kind === 'subject_erased') tombstones.push(record.at);
      else others += 1;
    }
    // A segment of visitors' withdrawals is long, and is none of ours.
    if (others > 0 && tombstones.length === 0) break;
  }
  return { tombstones, others };
}

const remove = (path: string, files: LogFiles): Promise<void> =>
  files.remove(path).catch((error: unknown) => {
    if (!isFileError(error, 'ENOENT')) throw error;
  });
