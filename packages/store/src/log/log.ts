import type { LogFiles } from './files.ts';

export interface LogOptions {
  /** The log's own folder, such as `data/log/collector-0`: one writer at a time. Made if absent. */
  readonly folder: string;
  /** Bytes after which a segment is closed and the next one opened. Default 64 MiB. */
  readonly maxSegmentBytes?: number;
  /** Bytes that may wait for the disk; beyond it `append` rejects with code `overloaded`. Default 64 MiB. */
  readonly maxPendingBytes?: number;
  /** Bytes in the folder that the reader has not confirmed; beyond it `overloaded`. Default 10 GiB. */
  readonly maxBacklogBytes?: number;
  /** Share of the disk in use beyond which `append` rejects with `overloaded`, 0 to 1. Default 0.8, of the time the reader lags. */
  readonly maxDiskUse?: number;
  /** Default: the disk. */
  readonly files?: LogFiles;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
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
  /** Bytes on disk that the reader has not confirmed, as last looked up. */
  readonly backlogBytes: number;
  /** Whether the last write and sync succeeded; false from the first failure to the next success. */
  readonly writable: boolean;
  readonly segment: number;
  /** Groups synced since the start, and records in them: their ratio is the mean group size. */
  readonly groups: number;
  readonly records: number;
  /** Duration of the last fdatasync, ms. */
  readonly lastSyncMs: number;
}

/** The append side of a log. */
export interface Log {
  /**
   * Appends one record and resolves once it is on disk: all records waiting at a time share one write and one fdatasync.
   *
   * @param json a `LogRecord` as JSON text, without newlines
   * @throws LogError
   */
  append(json: string): Promise<void>;
  /** Tries the disk: resolves if a record could be made durable now. What `/readyz` asks. */
  probe(): Promise<boolean>;
  stats(): LogStats;
  /** Syncs what waits and closes the segment. */
  close(): Promise<void>;
}
