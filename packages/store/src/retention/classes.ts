import type { DayTable } from '../tables/tables.ts';

/**
 * Every class of rows that age takes away, by its tables; together they are all day tables.
 *
 * - `exempt`: events told without consent, as audience measurement that is exempt from it.
 * - `events`: all other events.
 * - `failed`: items that failed and nobody repaired or purged.
 * - `counts`: events left out and dropped, as numbers by type and reason: nobody is in them.
 */
export const ROW_CLASSES = {
  exempt: ['exempt'],
  events: ['events'],
  failed: ['failed'],
  counts: ['filtered', 'dropped'],
} as const satisfies Record<string, readonly DayTable[]>;

export type RowClassName = keyof typeof ROW_CLASSES;

/** A table that has no class would be kept for ever: it does not compile. */
type Forgotten = Exclude<DayTable, (typeof ROW_CLASSES)[RowClassName][number]>;
const NONE_FORGOTTEN: [Forgotten] extends [never] ? true : never = true;
void NONE_FORGOTTEN;

export const ROW_CLASS_NAMES = Object.keys(ROW_CLASSES) as readonly RowClassName[];

/** That rows of one class of a site, received before a UTC day, are to be gone. */
export interface Expiry {
  readonly site: string;
  readonly class: RowClassName;
  /** `YYYY-MM-DD`: the first day that stays. */
  readonly before: string;
}

/** What an expiry took, or would take. */
export interface Expired extends Expiry {
  readonly rows: number;
}

/** Rows of one class of a site, and the oldest among them. */
export interface HeldRows {
  readonly site: string;
  readonly class: RowClassName;
  readonly rows: number;
  /** RFC 3339 UTC. */
  readonly oldest: string;
}
