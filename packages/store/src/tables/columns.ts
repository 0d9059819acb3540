/** What a column holds, in words that every engine can map to a type of its own. */
export type ColumnType = 'uuid' | 'text' | 'texts' | 'time' | 'integer' | 'bigint' | 'boolean' | 'json';

export interface Column {
  readonly name: string;
  /** `time` is an instant in UTC with milliseconds. */
  readonly type: ColumnType;
  /** A row without it is no row: the item is set aside instead. */
  readonly required?: true;
}

/** Where a column of `events` is found in a log record; `place` is the record's place in the log. */
export type ColumnOrigin = 'record' | 'client' | 'stamp' | 'event' | 'place';

export interface EventColumn extends Column {
  readonly from: ColumnOrigin;
  /** The field's name there, where it differs from the column's. */
  readonly field?: string;
}

/** Which line of which log a row came from: traces it back, and tells a line that was loaded before. */
const PLACE = [
  { name: 'log_name', type: 'text', required: true, from: 'place' },
  { name: 'log_segment', type: 'bigint', required: true, from: 'place' },
  { name: 'log_offset', type: 'bigint', required: true, from: 'place' },
] as const satisfies readonly EventColumn[];

/**
 * The columns of `events`, in their order. Only ever added to, at the end of their group: an older file gains what it lacks.
 * A new column is its line here and its field in `StoredEvent`.
 */
export const EVENT_COLUMNS = [
  { name: 'event_id', type: 'uuid', required: true, from: 'event' },
  { name: 'site', type: 'text', required: true, from: 'record' },
  { name: 'type', type: 'text', required: true, from: 'event' },
  { name: 'source', type: 'text', required: true, from: 'record' },
  { name: 'occurred_at', type: 'time', required: true, from: 'event' },
  { name: 'received_at', type: 'time', required: true, from: 'record' },
  { name: 'seq', type: 'integer', from: 'event' },
  { name: 'visitor_id', type: 'text', from: 'event' },
  { name: 'session_id', type: 'text', from: 'event' },
  { name: 'page_view_id', type: 'text', from: 'event' },
  { name: 'url', type: 'text', from: 'event' },
  { name: 'path', type: 'text', from: 'event' },
  { name: 'title', type: 'text', from: 'event' },
  { name: 'referrer_host', type: 'text', from: 'event' },
  { name: 'channel', type: 'text', from: 'event' },
  { name: 'utm_source', type: 'text', from: 'event' },
  { name: 'utm_medium', type: 'text', from: 'event' },
  { name: 'utm_campaign', type: 'text', from: 'event' },
  { name: 'utm_term', type: 'text', from: 'event' },
  { name: 'utm_content', type: 'text', from: 'event' },
  { name: 'utm_id', type: 'text', from: 'event' },
  { name: 'place_id', type: 'text', from: 'event' },
  { name: 'device', type: 'text', from: 'client' },
  { name: 'browser', type: 'text', from: 'client' },
  { name: 'os', type: 'text', from: 'client' },
  { name: 'country', type: 'text', from: 'client' },
  { name: 'purposes', type: 'texts', required: true, from: 'stamp' },
  { name: 'receipt_id', type: 'text', from: 'stamp' },
  { name: 'policy_hash', type: 'text', from: 'stamp' },
  { name: 'order_id', type: 'text', from: 'event' },
  { name: 'amount_minor', type: 'bigint', from: 'event' },
  { name: 'currency', type: 'text', from: 'event' },
  { name: 'keys', type: 'json', from: 'event' },
  { name: 'props', type: 'json', from: 'event' },
  { name: 'consent_source', type: 'text', from: 'stamp', field: 'source' },
  { name: 'consent_at', type: 'time', from: 'stamp', field: 'at' },
  { name: 'client_occurred_at', type: 'time', from: 'event' },
  { name: 'client_visitor_id', type: 'text', from: 'event' },
  { name: 'sent_at', type: 'time', from: 'record' },
  { name: 'sdk', type: 'text', from: 'record' },
  { name: 'ip_prefix', type: 'text', from: 'client' },
  { name: 'bot', type: 'boolean', from: 'client' },
  ...PLACE,
] as const satisfies readonly EventColumn[];

/** Items that failed, kept for repair. `failed_id` is a hash of the row, so it is the same after a rebuild. */
export const FAILED_COLUMNS = [
  { name: 'failed_id', type: 'text', required: true },
  { name: 'site', type: 'text', required: true },
  { name: 'source', type: 'text' },
  { name: 'received_at', type: 'time', required: true },
  { name: 'event_id', type: 'text' },
  { name: 'type', type: 'text' },
  { name: 'stage', type: 'text', required: true },
  { name: 'code', type: 'text', required: true },
  { name: 'path', type: 'text' },
  { name: 'message', type: 'text' },
  { name: 'item', type: 'text' },
  /** What its batch told, by which it can be judged again: `sent_at`, `sdk`, `client` and its consent `stamp`. */
  { name: 'context', type: 'json' },
  ...PLACE,
] as const satisfies readonly Column[];

/** Events left out by rule, by type and reason: counts, never contents. */
export const FILTERED_COLUMNS = [
  { name: 'site', type: 'text', required: true },
  { name: 'type', type: 'text' },
  { name: 'code', type: 'text', required: true },
  { name: 'count', type: 'bigint', required: true },
  { name: 'received_at', type: 'time', required: true },
  /** The failure that was judged again and left out; by it a second time is known. */
  { name: 'failed_id', type: 'text' },
  ...PLACE,
] as const satisfies readonly Column[];

/**
 * What was measured without consent, a row an event: for `exempt_counts` and nothing else. No query, export or snapshot of an
 * operator reads it.
 */
export const EXEMPT_COLUMNS = [
  { name: 'event_id', type: 'uuid', required: true },
  { name: 'site', type: 'text', required: true },
  { name: 'type', type: 'text', required: true },
  /** To the minute. */
  { name: 'occurred_at', type: 'time', required: true },
  { name: 'received_at', type: 'time', required: true },
  { name: 'path', type: 'text' },
  { name: 'referrer_host', type: 'text' },
  { name: 'screen', type: 'text' },
  { name: 'device', type: 'text' },
  { name: 'browser', type: 'text' },
  { name: 'os', type: 'text' },
  { name: 'ip_prefix', type: 'text' },
  { name: 'bot', type: 'boolean' },
  { name: 'props', type: 'json' },
  { name: 'policy_hash', type: 'text' },
  /** A visitor within one day, where the policy counts them: nobody can make it again two days later. */
  { name: 'day_visitor', type: 'text' },
  ...PLACE,
] as const satisfies readonly Column[];

/** What senders let go before sending, by reason. */
export const DROPPED_COLUMNS = [
  { name: 'site', type: 'text', required: true },
  { name: 'code', type: 'text', required: true },
  { name: 'count', type: 'bigint', required: true },
  { name: 'received_at', type: 'time', required: true },
  ...PLACE,
] as const satisfies readonly Column[];

/** How far each log is loaded: changed in the transaction of the rows. */
export const POSITION_COLUMNS = [
  { name: 'log', type: 'text', required: true },
  { name: 'segment', type: 'bigint', required: true },
  { name: 'offset', type: 'bigint', required: true },
] as const satisfies readonly Column[];

/**
 * The days that have rows, by site and UTC day of `received_at`. `loads` counts the loads that touched the day and
 * `sealed_loads` those that its sealed file holds: the day is to be sealed (again) while they differ.
 */
export const SEALED_DAY_COLUMNS = [
  { name: 'site', type: 'text', required: true },
  { name: 'day', type: 'text', required: true },
  { name: 'loads', type: 'bigint', required: true },
  { name: 'sealed_loads', type: 'bigint', required: true },
  { name: 'rows', type: 'bigint', required: true },
] as const satisfies readonly Column[];

/** The erasures that these tables have seen, by their control record: rows loaded since are looked at as they are loaded. */
export const ERASURE_COLUMNS = [
  { name: 'erasure_id', type: 'text', required: true },
] as const satisfies readonly Column[];
