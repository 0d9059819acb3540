import { join } from 'node:path';
import { diskFiles } from '../log/disk.ts';
import { isFileError, type LogFiles } from '../log/files.ts';
import { decodeLine, encodeLine } from '../log/line.ts';
import type { ChainRecord } from './record.ts';

/**
 * That the beginning of a chain was taken away because of its age: what is left goes on from `head`, and whatever else is missing
 * was not taken by this. Cuts are signed and name one another, as records do; each is a file beside the segments, written and
 * synced before the first of them goes, and none is ever removed.
 */
export interface ChainCut extends ChainRecord {
  readonly v: 1;
  readonly kind: 'cut';
  readonly writer: string;
  /** When, UTC. */
  readonly at: string;
  /** The last segment taken: this one and all before it count as gone, whether their files still are there or not. */
  readonly segment: number;
  /** Hash of the record that the first one left names; null where that one begins the chain anew. */
  readonly head: string | null;
  /** When the last record taken was written, UTC. */
  readonly through: string;
  /** Records taken by this cut, and by all so far. */
  readonly records: number;
  readonly total: number;
}

/** A cut where it lies, or that its file holds none. */
export interface FoundCut {
  /** As the name of its file tells. */
  readonly segment: number;
  readonly cut?: ChainCut;
}

const NAME = /^(\d{15})\.cut$/;

const cutPath = (folder: string, segment: number): string => join(folder, `${String(segment).padStart(15, '0')}.cut`);

/** More than a cut has. */
const MAX_BYTES = 4_096;

/** Every cut of one writer's chain, the oldest first. */
export async function readCuts(folder: string, files: LogFiles = diskFiles): Promise<readonly FoundCut[]> {
  const segments = await cutSegments(folder, files);
  return Promise.all(segments.map((segment) => readCut({ folder, segment, files })));
}

/** The newest cut of one writer's chain; undefined where nothing was cut, or what tells of it cannot be read. */
export async function lastCut(folder: string, files: LogFiles = diskFiles): Promise<ChainCut | undefined> {
  const segment = (await cutSegments(folder, files)).at(-1);
  return segment === undefined ? undefined : (await readCut({ folder, segment, files })).cut;
}

/** The last segment that the newest cut of a chain took; -1 where nothing was cut. */
export const newestCut = async (folder: string, files: LogFiles = diskFiles): Promise<number> =>
  (await cutSegments(folder, files)).at(-1) ?? -1;

async function cutSegments(folder: string, files: LogFiles): Promise<readonly number[]> {
  const names = await files.list(folder);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

async function readCut({ folder, segment, files }: CutPlace): Promise<FoundCut> {
  const file = await files.open(cutPath(folder, segment));
  let bytes: Uint8Array;
  try {
    bytes = await file.read(0, MAX_BYTES);
  } finally {
    await file.close();
  }
  const line = decodeLine(bytes.subarray(0, -1));
  if (typeof line === 'string') return { segment };
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString());
    if (isCut(value) && value.segment === segment) return { segment, cut: value };
  } catch {
    // Not JSON.
  }
  return { segment };
}

interface CutPlace {
  readonly folder: string;
  readonly segment: number;
  readonly files: LogFiles;
}

/**
 * Writes a cut and resolves once it is on disk: whole, or not at all.
 *
 * @param draft the name of the file in the making, which nobody else uses
 */
export async function writeCut(
  cut: ChainCut,
  { folder, files, draft }: { readonly folder: string; readonly files: LogFiles; readonly draft: string },
): Promise<void> {
  const path = join(folder, `${draft}.tmp`);
  const file = await files.create(path);
  try {
    try {
      await file.append(encodeLine(JSON.stringify(cut)));
      await file.datasync();
    } finally {
      await file.close();
    }
    await files.link(path, cutPath(folder, cut.segment));
    await files.syncFolder(folder);
  } finally {
    await files.remove(path).catch((error: unknown) => {
      if (!isFileError(error, 'ENOENT')) throw error;
    });
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => Number.isSafeInteger(value);

function isCut(value: unknown): value is ChainCut {
  const { v, kind, writer, at, segment, head, through, records, total, seq, previous, signature } = Object(value);
  return (
    v === 1 &&
    kind === 'cut' &&
    [writer, at, through, signature].every(isText) &&
    [segment, records, total, seq].every(isNumber) &&
    [head, previous].every((hash) => hash === null || isText(hash))
  );
}
