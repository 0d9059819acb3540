import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { diskFiles } from '../log/disk.ts';
import { isFileError, type LogFiles } from '../log/files.ts';
import type { LineFault } from '../log/line.ts';
import { type LogChunk, readLog, readSegment } from '../log/read.ts';
import type { ChainKind, ChainRecord } from './record.ts';

/** One line of a chain, where it lies, and the record in it or why there is none. */
export type ChainLine<R> = {
  readonly segment: number;
  /** Bytes into the segment. */
  readonly offset: number;
} & (
  | { readonly record: R; readonly fault?: undefined }
  /** What is wrong with it; never its content. */
  | { readonly record?: undefined; readonly fault: LineFault | 'not_a_record' }
);

/** Bytes read at a time: what a reader of a chain holds. */
const CHUNK_BYTES = 4 * 1024 * 1024;

const WRITER = /^[a-z0-9][a-z0-9-]*$/;

/** The names of all who wrote chains in a folder, such as `data/receipts`; none where there is none. */
export async function chainWriters(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && WRITER.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Every line of one writer's chain, from a segment on. */
export async function* readChainLines<R extends ChainRecord>(
  kind: ChainKind<R>,
  folder: string,
  { files = diskFiles, from = 0 }: { readonly files?: LogFiles; readonly from?: number } = {},
): AsyncGenerator<ChainLine<R>> {
  const position = { segment: from, offset: 0 };
  for await (const chunk of readLog({ folder, files, from: position, maxChunkBytes: CHUNK_BYTES }))
    yield* linesOf(kind, chunk);
}

/** Every line of one segment of it. */
export async function* readChainSegment<R extends ChainRecord>(
  kind: ChainKind<R>,
  { folder, segment, files }: { readonly folder: string; readonly segment: number; readonly files: LogFiles },
): AsyncGenerator<ChainLine<R>> {
  const from = { segment, offset: 0 };
  for await (const chunk of readSegment({ folder: resolve(folder), files, from, maxChunkBytes: CHUNK_BYTES }))
    yield* linesOf(kind, chunk);
}

/** What stands in a line around its JSON: the checksum, a space, LF. */
const AROUND_BYTES = 10;

/** A chunk's lines in their order: those set aside lie between the records. */
function* linesOf<R extends ChainRecord>(
  kind: ChainKind<R>,
  { segment, startOffset, records, bad }: LogChunk,
): Generator<ChainLine<R>> {
  let offset = startOffset;
  let nextBad = 0;
  function* badHere(): Generator<ChainLine<R>> {
    for (let line = bad[nextBad]; line?.offset === offset; line = bad[nextBad]) {
      yield { segment, offset, fault: line.reason };
      offset += line.length;
      nextBad += 1;
    }
  }
  for (const json of records) {
    yield* badHere();
    const record = parse(kind, json);
    yield record ? { segment, offset, record } : { segment, offset, fault: 'not_a_record' };
    offset += json.length + AROUND_BYTES;
  }
  yield* badHere();
}

function parse<R extends ChainRecord>(kind: ChainKind<R>, json: Uint8Array): R | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString());
    if (kind.fault(value) === undefined) return value as R;
  } catch {
    // Not JSON.
  }
  return undefined;
}
