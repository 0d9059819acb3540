import type { SubjectId } from '../control/subject_ids.ts';
import type { Exported, ExportRequest, Snapshot } from '../export/export.ts';
import type { Position } from '../log/position.ts';
import type { Expired, Expiry, HeldRows } from '../retention/classes.ts';
import type { NamingTable } from '../tables/subject_columns.ts';

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

/** What one load did; its counts add up to the events and failures of the chunk. */
export interface LoadResult {
  /** Rows added to `events`. */
  readonly loaded: number;
  /** Events left out because their id was there already. */
  readonly duplicates: number;
  /** Rows added to `failed`. */
  readonly failed: number;
  /** Events, and records where not even their events could be told apart, that the engine could not read: set aside in `failed` with stage `load`. */
  readonly unreadable: number;
  /** Events and failures left out because they name somebody who was erased; absent where none did. */
  readonly erased?: number;
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

/** Somebody who was erased, as a tombstone tells it. */
export interface Erasure {
  /** Of the control record: by it the engine knows what it has done already. */
  readonly id: string;
  /** `erasedHash` of each id. */
  readonly hashes: readonly string[];
  /** Absent: on all sites. */
  readonly site?: string;
  /** The ids themselves where they are known, which spares a look at every id of the tables. */
  readonly ids?: readonly SubjectId[];
}

export interface ErasureRequest {
  /** Keys the hashes. */
  readonly key: Uint8Array;
  readonly erasures: readonly Erasure[];
}

/** Whose rows are asked for: those that name one of the ids, on one site where it is given. */
export interface SubjectRows {
  readonly ids: readonly SubjectId[];
  readonly site?: string | undefined;
}

/** The ids that one or more rows of a site tell together. */
export interface ToldTogether {
  readonly site: string;
  readonly ids: readonly SubjectId[];
}

/** Rows taken out of `events` and `failed`, and the days that they were of. */
export interface ErasedRows {
  readonly events: number;
  readonly failed: number;
  readonly days: number;
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
  /**
   * Takes rows that name an erased id out of the tables, now and whenever they are loaded from here on, until it is closed:
   * who erases remembers, and tells it again at the next opening. Sealed days hold them until `sealDays`.
   */
  eraseSubjects(request: ErasureRequest): Promise<ErasedRows>;
  /**
   * What the rows of somebody tell together, each combination once; undefined where there are more than `limit`.
   *
   * @param asked `withPeople`: rows that tell an order or session and name somebody too. Default: those that name nobody
   */
  toldBy(
    asked: SubjectRows & { readonly limit: number; readonly withPeople?: boolean },
  ): Promise<readonly ToldTogether[] | undefined>;
  /** The ids of the visitors whose events were stored under a consent receipt. */
  visitorsOfReceipt(receiptId: string, site?: string): Promise<readonly string[]>;
  /** Somebody's rows of a table, the oldest received first, a page at a time however many there are. */
  rowsOf(table: NamingTable, asked: SubjectRows): AsyncIterable<Readonly<Record<string, unknown>>>;
  /** How many there are, and on how many days of how many sites. */
  countOf(table: NamingTable, asked: SubjectRows): Promise<{ readonly rows: number; readonly days: number }>;
  /** Writes every closed day before `before` (`YYYY-MM-DD`, UTC) that has rows not yet sealed; returns those written. */
  sealDays(before: string): Promise<readonly SealedDay[]>;
  /** How many there are: until then the old file of a day, where there is one, holds what was erased of it. */
  daysToSeal(before: string): Promise<number>;
  /** Loads every sealed day into an engine that is new and empty: the first half of a rebuild. */
  restoreDays(): Promise<readonly SealedDay[]>;
  /** What there is by site and class, and how old. */
  heldRows(): Promise<readonly HeldRows[]>;
  /** What each expiry would take, and nothing more. */
  countExpired(expiries: readonly Expiry[]): Promise<readonly Expired[]>;
  /**
   * Takes rows out of the tables by their age, all that the expiry names or none. Their days are to be sealed again: only
   * `sealDays` takes them out of the sealed files too. Done twice it finds nothing.
   */
  expire(expiry: Expiry): Promise<Expired>;
  close(): Promise<void>;
}
