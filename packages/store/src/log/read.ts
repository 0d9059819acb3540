import { basename, resolve } from 'node:path';
import { breathe, STRETCH_BYTES } from './breathe.ts';
import type { SegmentPosition } from './confirm.ts';
import { diskFiles } from './disk.ts';
import { isFileError, type LogFiles, type LogReader } from './files.ts';
import { decodeLine, type LineFault, lineEnd, MAX_LINE_BYTES } from './line.ts';
import { listSegments, segmentPath } from './segment.ts';

export interface ReadOptions {
  /** The log's folder; its last part is the log's name. */
  readonly folder: string;
  /** Where to go on. Default: the oldest segment. A segment that is gone counts as read. */
  readonly from?: SegmentPosition;
  /** Bytes read at a time, the bound of memory; a longer line takes up to twice its own length. Default 16 MiB. */
  readonly maxChunkBytes?: number;
  /** Default: the disk. */
  readonly files?: LogFiles;
}

/** A complete line that holds no record to be trusted. Never one that was acknowledged, unless the disk changed it. */
export interface BadLine {
  readonly offset: number;
  /** Bytes with the LF. */
  readonly length: number;
  readonly reason: LineFault;
}

/** A stretch of whole lines of one segment, in order. */
export interface LogChunk {
  /** The log folder's name. */
  readonly log: string;
  readonly segment: number;
  readonly startOffset: number;
  /** Byte offset after the last line: where to go on. */
  readonly endOffset: number;
  /** The records' JSON texts, checksum verified: views of one memory that belongs to the chunk. */
  readonly records: readonly Uint8Array[];
  /** Lines set aside. */
  readonly bad: readonly BadLine[];
}

/**
 * Reads a log from a position to its present end, the segment being written included, and ends: call it again with the
 * last chunk's segment and `endOffset`. Every chunk has a line at least.
 *
 * A tail without LF is left for the next call in the newest segment, and passed over in an older one: a writer opens a
 * segment only when it is done with the one before, so nothing will complete it, and it was never acknowledged.
 */
export async function* readLog(options: ReadOptions): AsyncGenerator<LogChunk, void, void> {
  const { from = { segment: 0, offset: 0 }, maxChunkBytes = 16 * 1024 * 1024, files = diskFiles } = options;
  const folder = resolve(options.folder);
  // Listed before anything is read: whichever segment has a newer one beside it here has its final size.
  for (const segment of await listSegments(files, folder)) {
    if (segment < from.segment) continue;
    const offset = segment === from.segment ? from.offset : 0;
    yield* readSegment({ folder, from: { segment, offset }, maxChunkBytes, files });
  }
}

/** Reads one segment as `readLog` does, whatever else there is: nothing where it is gone. */
export async function* readSegment({
  folder,
  from: { segment, offset },
  maxChunkBytes,
  files,
}: Required<ReadOptions>): AsyncGenerator<LogChunk, void, void> {
  const file = await openIfThere(files, segmentPath(folder, segment));
  if (!file) return;
  try {
    for await (const stretch of stretches(file, offset, Math.max(1, maxChunkBytes)))
      yield { log: basename(folder), segment, ...stretch };
  } finally {
    await file.close();
  }
}

type Stretch = Omit<LogChunk, 'log' | 'segment'>;

async function* stretches(file: LogReader, start: number, step: number): AsyncGenerator<Stretch, void, void> {
  const size = await file.size();
  let offset = start;
  let want = step;
  while (offset < size) {
    const bytes = await file.read(offset, Math.min(want, size - offset));
    const stretch = await cut(bytes, offset);
    if (stretch.endOffset > offset) {
      yield stretch;
      offset = stretch.endOffset;
      want = step;
    } else if (bytes.length < want) {
      return;
    } else if (want < MAX_LINE_BYTES) {
      want = Math.min(want * 2, MAX_LINE_BYTES);
    } else {
      const end = await findLineEnd(file, offset + bytes.length, { size, step });
      if (end === undefined) return;
      yield {
        startOffset: offset,
        endOffset: end,
        records: [],
        bad: [{ offset, length: end - offset, reason: 'too_long' }],
      };
      offset = end;
      want = step;
    }
  }
}

/** The whole lines of what was read. */
async function cut(bytes: Uint8Array, startOffset: number): Promise<Stretch> {
  const records: Uint8Array[] = [];
  const bad: BadLine[] = [];
  let at = 0;
  let pauseAt = STRETCH_BYTES;
  for (let end = lineEnd(bytes, at); end > 0; end = lineEnd(bytes, at)) {
    const line = decodeLine(bytes.subarray(at, end - 1));
    if (typeof line === 'string') bad.push({ offset: startOffset + at, length: end - at, reason: line });
    else records.push(line);
    at = end;
    if (at < pauseAt) continue;
    pauseAt = at + STRETCH_BYTES;
    await breathe();
  }
  return { startOffset, endOffset: startOffset + at, records, bad };
}

/** Where a line too long to be held ends; undefined while it has no end. */
async function findLineEnd(
  file: LogReader,
  from: number,
  { size, step }: { readonly size: number; readonly step: number },
): Promise<number | undefined> {
  for (let offset = from; offset < size; offset += step) {
    const end = lineEnd(await file.read(offset, Math.min(step, size - offset)), 0);
    if (end > 0) return offset + end;
  }
  return undefined;
}

async function openIfThere(files: LogFiles, path: string): Promise<LogReader | undefined> {
  try {
    return await files.open(path);
  } catch (error) {
    // Retention took it: it was loaded.
    if (isFileError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
