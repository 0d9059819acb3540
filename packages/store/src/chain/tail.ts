import { join } from 'node:path';
import { isFileError, type LogFiles } from '../log/files.ts';
import { listSegments, segmentPath } from '../log/segment.ts';
import { type ChainEnd, readChainEnd, readSegmentEnd } from './end.ts';
import type { ChainKind, ChainRecord } from './record.ts';

/** Where a chain ends, and the number of its last segment, whatever that holds; 0 where there is none. */
export interface ChainTail extends ChainEnd {
  readonly segment: number;
}

interface Place {
  readonly folder: string;
  readonly files: LogFiles;
}

/** Beside the segments: the number of one of the last, so that none need be looked for among thousands. */
const HINT = 'end.hint';
const NUMBER = /^\d{15}$/;
/** How far a hint may lag behind, for whoever wrote segments and died, or wrote at a time with others. */
const MAX_BEHIND = 100;

/**
 * Finds the end of a chain whose segments count up by one, in a time that does not grow with their number: from the segment that
 * `noteTail` noted on, while there is a next. The note is a hint that nothing rests on. Where it is missing, or points at no
 * segment or at one without a record, the folder is listed.
 */
export async function readChainTail<R extends ChainRecord>(kind: ChainKind<R>, place: Place): Promise<ChainTail> {
  const { folder, files } = place;
  const segment = await lastAfterHint(place);
  const end = segment === undefined ? undefined : await readSegmentEnd(kind, { folder, segment, files });
  if (segment !== undefined && end) return { segment, ...end };
  // Listed before the end is read: whoever takes the number after the last one seen goes on from it.
  const last = (await listSegments(files, folder)).at(-1) ?? 0;
  return { segment: last, ...(await readChainEnd(kind, place)) };
}

/** Notes a segment as one of the last. Where it cannot be noted, the next look takes longer. */
export async function noteTail({ folder, files }: Place, segment: number): Promise<void> {
  await files.replace(join(folder, HINT), Buffer.from(String(segment).padStart(15, '0'))).catch(() => undefined);
}

async function lastAfterHint({ folder, files }: Place): Promise<number | undefined> {
  const noted = (await read(join(folder, HINT), files))?.toString('latin1') ?? '';
  if (!NUMBER.test(noted)) return undefined;
  const first = Number(noted);
  for (let next = first; next <= first + MAX_BEHIND; next++) {
    if (!(await read(segmentPath(folder, next), files))) return next === first ? undefined : next - 1;
  }
  return undefined;
}

/** The first bytes of a file; undefined where there is none. */
async function read(path: string, files: LogFiles): Promise<Buffer | undefined> {
  try {
    const file = await files.open(path);
    return Buffer.from(await file.read(0, 15).finally(() => file.close()));
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
