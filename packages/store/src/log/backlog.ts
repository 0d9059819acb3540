import { readConfirmed } from './confirm.ts';
import { isFileError, type LogFiles } from './files.ts';
import { listSegments, segmentPath } from './segment.ts';

/** At most this often the confirmed position and the disk are looked up, ms. */
const REFRESH_MS = 1_000;

/** What the reader has yet to confirm. */
export interface Backlog {
  /** Adds what was committed to a segment. */
  grow(segment: number, bytes: number): void;
  /** Bytes not confirmed, as last looked up; looked up again behind the caller's back where that is due. */
  bytes(): number;
  /** Whether there is more than may be; cheap, and looks it up again behind the caller's back where that is due. */
  isFull(): boolean;
  /** The same, looked up first where that is due: nobody is refused for what was true a second ago. */
  checkFull(): Promise<boolean>;
  /** The newest segment seen or confirmed; 0 if none. */
  newest(): number;
}

export interface BacklogOptions {
  readonly folder: string;
  readonly files: LogFiles;
  readonly maxBytes: number;
  readonly maxDiskUse: number;
  /** Bytes that a reader which keeps up may be behind; the disk's use counts beyond it. */
  readonly slackBytes: number;
  readonly monotonic: () => number;
}

/** Measures the folder once; from then on counts what is committed, and looks only at the reader's word and the disk. */
export async function openBacklog(options: BacklogOptions): Promise<Backlog> {
  const { folder, files, maxBytes, maxDiskUse, slackBytes, monotonic } = options;
  const sizes = await measure(files, folder);
  let confirmed = { segment: 0, offset: 0 };
  let diskUse = 0;
  let total = 0;
  let lookedUpAt = Number.NEGATIVE_INFINITY;
  let lookup: Promise<void> | undefined;

  async function lookUp(): Promise<void> {
    lookedUpAt = monotonic();
    // Where either cannot be told, what was known stands.
    const [position, use, [oldest]] = await Promise.all([
      readConfirmed(folder, files),
      files.diskUse(folder).catch(() => diskUse),
      listSegments(files, folder).catch((): number[] => []),
    ]);
    confirmed = position ?? confirmed;
    diskUse = use;
    // Retention takes the oldest first. They must not count again after a rebuild, which confirms from the start.
    for (const segment of sizes.keys()) if (oldest !== undefined && segment < oldest) sizes.delete(segment);
    total = 0;
    for (const [segment, size] of sizes) {
      if (segment > confirmed.segment) total += size;
      else if (segment === confirmed.segment) total += Math.max(0, size - confirmed.offset);
    }
  }

  const refresh = (): Promise<void> => {
    lookup ??= lookUp().finally(() => {
      lookup = undefined;
    });
    return lookup;
  };
  const isDue = (): boolean => monotonic() - lookedUpAt >= REFRESH_MS;
  const isOver = (): boolean => total > maxBytes || (total > slackBytes && diskUse > maxDiskUse);

  await refresh();
  return {
    grow(segment, bytes) {
      sizes.set(segment, (sizes.get(segment) ?? 0) + bytes);
      total += bytes;
    },
    bytes() {
      if (isDue()) void refresh();
      return total;
    },
    isFull() {
      if (isDue()) void refresh();
      return isOver();
    },
    async checkFull() {
      if (lookup || isDue()) await refresh();
      return isOver();
    },
    newest: () => Math.max(confirmed.segment, ...sizes.keys()),
  };
}

async function measure(files: LogFiles, folder: string): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  for (const segment of await listSegments(files, folder)) {
    try {
      const file = await files.open(segmentPath(folder, segment));
      sizes.set(segment, await file.size().finally(() => file.close()));
    } catch (error) {
      // Retention may run meanwhile.
      if (!isFileError(error, 'ENOENT')) throw error;
    }
  }
  return sizes;
}
