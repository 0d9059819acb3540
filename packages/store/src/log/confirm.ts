import { join } from 'node:path';
import { diskFiles } from './disk.ts';
import type { LogFiles } from './files.ts';
import type { Position } from './position.ts';

/** A place in a log whose folder is known. */
export type SegmentPosition = Pick<Position, 'segment' | 'offset'>;

const pathIn = (folder: string): string => join(folder, 'loaded.json');

/**
 * Tells the writer how far its log has been read, through `<folder>/loaded.json`: what lies before no longer counts as
 * backlog. A hint: the reader's own truth is the position it commits with the rows, and it should confirm that once at
 * its start too.
 */
export async function writeConfirmed(
  folder: string,
  position: SegmentPosition,
  files: LogFiles = diskFiles,
): Promise<void> {
  const { segment, offset } = position;
  await files.replace(pathIn(folder), Buffer.from(JSON.stringify({ segment, offset })));
}

/** The position last confirmed; undefined where the file is missing, torn or cannot be read. Never rejects. */
export async function readConfirmed(folder: string, files: LogFiles = diskFiles): Promise<SegmentPosition | undefined> {
  try {
    const file = await files.open(pathIn(folder));
    try {
      const text = Buffer.from(await file.read(0, await file.size())).toString();
      const { segment, offset } = JSON.parse(text) as Partial<Record<keyof SegmentPosition, unknown>>;
      return isCount(segment) && isCount(offset) ? { segment, offset } : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
