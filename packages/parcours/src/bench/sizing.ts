/** Bytes that one event takes in each of the places where it rests. */
export interface EventBytes {
  /** A segment of the log, kept `logDays` days. */
  readonly log: number;
  /** The database. */
  readonly database: number;
  /** The sealed Parquet day. */
  readonly sealed: number;
}

/** Room for the database's temporary files, a rebuild beside it excluded, and for the share of the disk that stays free. */
export const HEADROOM = 1.5;

/**
 * Disk that a shop needs, bytes: what the log holds for its days, what database and sealed days hold for as long as data
 * is kept, and head-room.
 */
export const diskBytes = (
  bytes: EventBytes,
  {
    eventsPerDay,
    logDays,
    keepDays,
  }: { readonly eventsPerDay: number; readonly logDays: number; readonly keepDays: number },
): number => eventsPerDay * (bytes.log * logDays + (bytes.database + bytes.sealed) * keepDays) * HEADROOM;
