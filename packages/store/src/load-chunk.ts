import type { LoadChunk } from './engines/engine.ts';
import { MAX_LINE_BYTES, MAX_RECORD_BYTES } from './log/line.ts';
import type { LogChunk } from './log/read.ts';
import type { LogRecord } from './log/record.ts';

/** Bytes of a line around its record: checksum, space and LF. */
const LINE_OVERHEAD = MAX_LINE_BYTES - MAX_RECORD_BYTES;

/** What the reader gave as what an engine loads: each record with the offset of its line, bad lines counted in. */
export function loadChunkOf({ log, segment, startOffset, endOffset, records, bad }: LogChunk): LoadChunk {
  const badLength = new Map(bad.map(({ offset, length }) => [offset, length]));
  let at = startOffset;
  const offsets = records.map(({ length }) => {
    for (let skipped = badLength.get(at); skipped !== undefined; skipped = badLength.get(at)) at += skipped;
    const offset = at;
    at += length + LINE_OVERHEAD;
    return offset;
  });
  return { log, segment, endOffset, records, offsets };
}

/** The records of a chunk, decoded; those that are no JSON are left out. For the live view: loading does without. */
export function decodeRecords(records: readonly Uint8Array[]): readonly LogRecord[] {
  return records.flatMap((bytes) => {
    try {
      return [JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as LogRecord];
    } catch {
      return [];
    }
  });
}
