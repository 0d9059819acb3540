import type { LogFiles, LogWriter } from './files.ts';
import { segmentPath } from './segment.ts';

/** One segment, open for appending by one group after the other. */
export interface SegmentWriter {
  readonly number: number;
  /** Bytes committed. */
  bytes(): number;
  /**
   * Makes the bytes durable: one write, one fdatasync. After a rejection the segment is given up: the kernel may have
   * marked the lost pages clean, so a second fdatasync would promise what is not there (https://lwn.net/Articles/752063/).
   *
   * @returns duration of the fdatasync, ms
   */
  commit(bytes: Uint8Array): Promise<number>;
  /** Gives the file back. Never rejects: whatever was committed is durable already. */
  close(): Promise<void>;
}

/** Makes a new segment whose name is durable before anything in it can be. */
export async function openSegment(
  { files, folder, monotonic }: { readonly files: LogFiles; readonly folder: string; readonly monotonic: () => number },
  number: number,
): Promise<SegmentWriter> {
  const path = segmentPath(folder, number);
  const file = await files.create(path);
  let committed = 0;

  async function commit(bytes: Uint8Array): Promise<number> {
    try {
      await file.append(bytes);
      const started = monotonic();
      await file.datasync();
      committed += bytes.length;
      return monotonic() - started;
    } catch (error) {
      await giveUp(files, file, path);
      throw error;
    }
  }

  try {
    await files.syncFolder(folder);
  } catch (error) {
    await giveUp(files, file, path);
    throw error;
  }
  return { number, bytes: () => committed, commit, close: () => file.close().catch(() => {}) };
}

/**
 * Closes a segment for good, and removes it if it is empty: a full disk would else gather an empty file with each try.
 * One with bytes stays, since a reader may have been in it, and its number must not come back with other bytes.
 */
async function giveUp(files: LogFiles, file: LogWriter, path: string): Promise<void> {
  const empty = await file.size().then(
    (size) => size === 0,
    () => false,
  );
  await file.close().catch(() => {});
  if (empty) await files.remove(path).catch(() => {});
}
