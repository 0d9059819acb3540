import {
  type Column,
  DROPPED_COLUMNS,
  ERASURE_COLUMNS,
  EVENT_COLUMNS,
  EXEMPT_COLUMNS,
  FAILED_COLUMNS,
  FILTERED_COLUMNS,
  POSITION_COLUMNS,
  SEALED_DAY_COLUMNS,
} from './columns.ts';

/** Every table that an engine holds. */
export const TABLES = {
  events: EVENT_COLUMNS,
  failed: FAILED_COLUMNS,
  filtered: FILTERED_COLUMNS,
  dropped: DROPPED_COLUMNS,
  exempt: EXEMPT_COLUMNS,
  positions: POSITION_COLUMNS,
  sealed_days: SEALED_DAY_COLUMNS,
  erasures: ERASURE_COLUMNS,
} as const satisfies Record<string, readonly Column[]>;

export type TableName = keyof typeof TABLES;

/** The tables whose rows come from records, belong to a day, and rest in Parquet once it is closed. */
export const DAY_TABLES = ['events', 'failed', 'filtered', 'dropped', 'exempt'] as const satisfies readonly TableName[];

/** Tables whose rows nobody is shown, by no query and no export: views tell what may be told of them. */
export const HIDDEN_TABLES: ReadonlySet<string> = new Set<TableName>(['exempt']);

export type DayTable = (typeof DAY_TABLES)[number];
