import { join } from 'node:path';
import { isFileError, type LogFiles } from './files.ts';
import { encodeLine } from './line.ts';
import { segmentPath } from './segment.ts';

/** A whole segment and where it is to lie. */
export interface NewSegment {
  readonly folder: string;
  readonly number: number;
  /** JSON texts, a line each. */
  readonly texts: readonly string[];
  /** Of the draft: one that nobody else uses, such as a UUID. */
  readonly name: string;
}

/**
 * Writes a whole segment under another name, syncs it, then links it to its number: no reader ever meets half of one, and
 * of several processes that try at a time one gets the number. There is no lock, which a crash could leave behind.
 *
 * @returns false where another took the number
 */
export async function publishSegment(files: LogFiles, { folder, number, texts, name }: NewSegment): Promise<boolean> {
  const draft = join(folder, `${name}.tmp`);
  const file = await files.create(draft);
  try {
    try {
      await file.append(Buffer.concat(texts.map(encodeLine)));
      await file.datasync();
    } finally {
      await file.close();
    }
    await files.link(draft, segmentPath(folder, number));
    await files.syncFolder(folder);
    return true;
  } catch (error) {
    if (isFileError(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await files.remove(draft).catch(() => {});
  }
}
