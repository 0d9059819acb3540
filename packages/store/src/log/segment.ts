import { join } from 'node:path';
import type { LogFiles } from './files.ts';

const NAME = /^(\d{15})\.log$/;

/**
 * The file name of a segment. Its number is the time it was made, ms since the epoch, so that names sort by age and a
 * number is not used again even if the folder is emptied.
 */
export const segmentName = (number: number): string => `${String(number).padStart(15, '0')}.log`;

export const segmentPath = (folder: string, number: number): string => join(folder, segmentName(number));

/** The numbers of a folder's segments, oldest first; other files are passed over. */
export async function listSegments(files: LogFiles, folder: string): Promise<number[]> {
  const names = await files.list(folder);
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
