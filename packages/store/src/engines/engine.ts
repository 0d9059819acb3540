import type { Exported, ExportRequest, Snapshot } from '../export/export.ts';
import type { Position } from '../log/position.ts';

/** A stretch of complete, checked records of one segment, in order, ready to load. */
export interface LoadChunk {
  /** The log folder's name. */
  readonly log: string;
  readonly segment: number;
  /** Byte offset after the last record: committed with the rows. */
  readonly endOffset: number;
  /**
   * The records' JSON texts (`LogRecord`), without checksum or newline, compact as `JSON.stringify` writes them:
   * an engine may look for a key by its bytes.
   */
  readonly records: readonly Uint8Array[];
  /** Byte offset of each record's line in the segment. */
  readonly offsets: readonly number[];
}

/** What one load did; the four counts add up to the events and failures of the chunk. */
export interface LoadResult {
  /** Rows added to `events`. */
  readonly loaded: number;
  /** Events left out because their id was there already. */
  readonly duplicates: number;
  /** Rows added to `failed`. */
  readonly failed: number;
  /** Events, and records where not even their events could be told apart, that the engine could not read: set aside in `failed` with stage `load`. */
  readonly unreadable: number;
}

export interface QueryLimits {
  /** Rows returned at most; `truncated` tells if there were more. Default 10,000. */
  readonly maxRows?: number;
  /** Wall time, ms; then the query is interrupted. Default 30,000. */
  readonly timeoutMs?: number;
  /** Bytes of text returned at most, counted roughly; `truncated` tells if there was more. Default 32 MiB. */
  readonly maxBytes?: number;
}

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** JSON-safe values: big integers as numbers where safe, else as text; times as RFC 3339 UTC. */
  readonly rows: readonly (readonly unknown[])[];
  readonly truncated: boolean;
  readonly elapsedMs: number;
}

/** A day of one site that is closed and rests in Parquet: from then on the truth for that day. */
export interface SealedDay {
  readonly site: string;
  /** UTC day of `received_at`, `YYYY-MM-DD`. */
  readonly day: string;
  /** Rows of `events`. */
  readonly rows: number;
  /** The file of `events`, there if there are rows; those of the other tables lie in folders beside it. */
  readonly path: string;
}

/** Failures that were received before a time, RFC 3339; of one site, of one code, where given. */
export interface FailurePurge {
  readonly before: string;
  readonly site?: string;
  readonly code?: string;
}

/**
 * Where tables live. An engine is derived: whatever it holds can be made again from sealed days and the log.
 * Every engine passes the suite in `contract.ts`.
 */
export interface Engine {
  /** Loads a chunk exactly once: rows and position commit together; a chunk at or before the position is a no-op. */
  load(chunk: LoadChunk): Promise<LoadResult>;
  /** How far each log has been loaded. */
  positions(): Promise<readonly Position[]>;
  /**
   * One read-only SELECT of an operator, guarded: no files, no settings, no writes, bounded rows and time.
   *
   * @throws QueryError
   */
  query(sql: string, limits?: QueryLimits): Promise<QueryResult>;
  /**
   * Rows of one table or view on their way out, of one moment, in bounded memory. One export or snapshot at a time.
   *
   * @throws QueryError `busy`, or `invalid` for a name that there is not
   */
  exportRows(request: ExportRequest, signal?: AbortSignal): Promise<Exported>;
  /**
   * All tables and views of one moment, as a file that a plain client of the engine opens.
   *
   * @throws QueryError `busy`, `no_space`
   */
  snapshot(signal?: AbortSignal): Promise<Snapshot>;
  /**
   * Takes failures out of `failed` by their `failed_id`, now and whenever their records are loaded from here on, until it is
   * closed: who settles them remembers, and tells it again at the next opening.
   *
   * @returns rows taken out
   */
  settleFailures(ids: readonly string[]): Promise<number>;
  /**
   * As `settleFailures`, by what failures have in common.
   *
   * @returns rows taken out
   */
  purgeFailures(purges: readonly FailurePurge[]): Promise<number>;
  /** Writes every closed day before `before` (`YYYY-MM-DD`, UTC) that has rows not yet sealed; returns those written. */
  sealDays(before: string): Promise<readonly SealedDay[]>;
  /** Loads every sealed day into an engine that is new and empty: the first half of a rebuild. */
  restoreDays(): Promise<readonly SealedDay[]>;
  /** Removes rows received before the day from tables and sealed files. */
  dropBefore(day: string): Promise<void>;
  close(): Promise<void>;
}
