import type { LogFiles } from '../log/files.ts';
import { listSegments, segmentPath } from '../log/segment.ts';
import { readChainSegment } from './read.ts';
import type { ChainKind, ChainRecord } from './record.ts';
import { recordHash } from './seal.ts';

/** Where a writer's chain ends: what the next record goes on from. */
export interface ChainEnd {
  /** Hash of the last whole record; null where there is none. */
  readonly head: string | null;
  readonly seq: number;
}

/**
 * Reads where a chain ends: in the newest segment that holds a record. It is synced first: its last records may have been
 * written by a process that died before it had them on disk, and a record that names one which a power cut then takes would
 * look as if somebody had removed it.
 *
 * @param each told of the records of that segment, in their order
 */
export async function readChainEnd<R extends ChainRecord>(
  kind: ChainKind<R>,
  { folder, files }: { readonly folder: string; readonly files: LogFiles },
  each: (record: R) => void = () => undefined,
): Promise<ChainEnd> {
  for (const segment of (await listSegments(files, folder)).reverse()) {
    const end = await readSegmentEnd(kind, { folder, segment, files }, each);
    if (end) return end;
  }
  return { head: null, seq: 0 };
}

/** Where the chain is at the end of one segment, synced first; undefined where that holds no record. Rejects with ENOENT where there is none. */
export async function readSegmentEnd<R extends ChainRecord>(
  kind: ChainKind<R>,
  { folder, segment, files }: { readonly folder: string; readonly segment: number; readonly files: LogFiles },
  each: (record: R) => void = () => undefined,
): Promise<ChainEnd | undefined> {
  await files.syncFile(segmentPath(folder, segment));
  let last: R | undefined;
  for await (const { record } of readChainSegment(kind, { folder, segment, files })) {
    if (record === undefined) continue;
    each(record);
    last = record;
  }
  return last && { head: recordHash(last), seq: last.seq };
}
