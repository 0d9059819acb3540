import type { Timers } from '../timers.ts';
import type { LogFiles } from './files.ts';

export interface LogOptions {
  /** The log's own folder, such as `data/log/collector-0`: one writer at a time. Made if absent, with its parents. */
  readonly folder: string;
  /** Bytes that a segment is kept within, unless one group alone is larger. Default 64 MiB. */
  readonly maxSegmentBytes?: number;
  /** Ms after which the next append opens a new segment, so that a quiet shop's log ages too. Default 1 hour. */
  readonly maxSegmentMs?: number;
  /** Bytes that may wait for the disk; beyond it `append` rejects with code `overloaded`. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** Bytes in the folder that the reader has not confirmed; beyond it `overloaded`. Default 10 GiB. */
  readonly maxBacklogBytes?: number;
  /**
   * Share of the disk in use, 0 to 1, beyond which `append` rejects with `overloaded` while the reader lags: while it
   * has yet to confirm more than `maxSegmentBytes`. A reader that keeps up is always a moment behind. Default 0.8.
   */
  readonly maxDiskUse?: number;
  /** Default: the disk. */
  readonly files?: LogFiles;
  /** Ms since the epoch: numbers the segments. Default `Date.now`. */
  readonly now?: () => number;
  /** Ms since any moment, never going back: measures durations. Default `performance.now`. */
  readonly monotonic?: () => number;
  /** Default: the system's. */
  readonly timers?: Timers;
}

/** What `append` rejects with. `overloaded`: too much waits; `unavailable`: the disk refused, and nothing was promised. */
export class LogError extends Error {
  constructor(
    readonly code: 'overloaded' | 'unavailable' | 'closed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LogError';
  }
}

export interface LogStats {
  /** Bytes accepted and not yet synced. */
  readonly pendingBytes: number;
  /** Bytes on disk that the reader has not confirmed, as last looked up; asking looks again, at most once a second. */
  readonly backlogBytes: number;
  /** Whether the last write and sync succeeded; false from the first failure to the next success. */
  readonly writable: boolean;
  /** Number of the newest segment, tries that failed included; 0 where there was none yet. */
  readonly segment: number;
  /** Groups synced since the start, and records in them: their ratio is the mean group size. */
  readonly groups: number;
  readonly records: number;
  /** Duration of the last fdatasync that succeeded, ms. */
  readonly lastSyncMs: number;
  /** Groups that could not be written or synced since the start. */
  readonly failedGroups: number;
}

/** What was made durable at once: all records that waited, with one write and one fdatasync. */
export interface LogGroup {
  readonly records: number;
  readonly bytes: number;
  /** Duration of the fdatasync, ms. */
  readonly syncMs: number;
}

/** The append side of a log. */
export interface Log {
  /**
   * Appends one record and resolves once it is on disk: all records waiting at a time share one write and one fdatasync.
   * Records lie in the order of the calls. After a rejection the record may still come to light: send it again under the
   * same ids.
   *
   * @param json a `LogRecord` as JSON text, without newlines, of at most `MAX_RECORD_BYTES`
   * @throws LogError; RangeError for text that is no record
   */
  append(json: string): Promise<void>;
  /**
   * Tries the disk: whether a record could be appended and made durable now, within a second. What `/readyz` asks. Never
   * rejects.
   */
  probe(): Promise<boolean>;
  stats(): LogStats;
  /** Calls with every group once it is on disk, before its records are answered. Returns unsubscribe. */
  onGroup(listener: (group: LogGroup) => void): () => void;
  /** Syncs what waits and closes the segment. Never rejects; what could not be synced rejected its own `append`. */
  close(): Promise<void>;
}
