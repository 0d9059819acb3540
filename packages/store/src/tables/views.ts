import type { Column } from './columns.ts';

/**
 * The columns of `orders`: every order once, whoever told it and however often. Whatever counts purchases or money asks it,
 * never `events`, where each telling keeps its row.
 *
 * - An order is the `purchase` events of one site with one `order_id`; a purchase without one is an order by itself.
 * - Its amount is the one that the shop's server told last, or else the one that the browser told first: the server knows
 *   the till, the browser a page that may be seen again.
 * - Its time is the browser's if it told the order, because it is the clock of the visitor's other steps; else the server's
 *   first.
 * - Its visitor and session are those of the browser's purchase, else those that the server passed on, else those of the
 *   first event that names the order (`order_id`, from `transaction_id` or `keys.order_id`), such as `begin_checkout`.
 * - Bots tell no orders. Refunds are events of their own and change nothing here.
 */
export const ORDER_COLUMNS = [
  { name: 'site', type: 'text' },
  { name: 'order_id', type: 'text' },
  /** Of the purchase that gives the time. */
  { name: 'event_id', type: 'uuid' },
  { name: 'occurred_at', type: 'time' },
  /** When the order was heard of first. */
  { name: 'received_at', type: 'time' },
  { name: 'visitor_id', type: 'text' },
  { name: 'session_id', type: 'text' },
  { name: 'amount_minor', type: 'bigint' },
  { name: 'currency', type: 'text' },
  /** The shop's server told it, or an import. */
  { name: 'confirmed', type: 'boolean' },
  /** The browser told it: an order without is one that no page could report. */
  { name: 'in_browser', type: 'boolean' },
  /** Purchase events that it is made of. */
  { name: 'purchases', type: 'bigint' },
] as const satisfies readonly Column[];

/**
 * The columns of `exempt_counts`: all that is told of what was measured without consent.
 *
 * - Of each site, UTC day and type, the events by one thing at a time (`dimension`): never by two, and never over other spans.
 * - A count is rounded to the nearest 10, and there is none under 10. Where visitors of the day are counted, a cell has ten of
 *   them besides, and its `visitors` are rounded too.
 * - What is too small stands together under no `value`. Where that is under 10 as well, the smallest cell that could be
 *   shown goes into it: so no difference of cells, or of two dimensions, is a group under 10.
 * - There is no total: what is made of rounded parts would tell what was left out.
 *
 * - A day is told once it is over, and does not change any more: two looks at it differ in nothing.
 *
 * Bots are left out. Source: CNIL, self-assessment of audience measurement (rounding to the nearest ten).
 */
export const EXEMPT_COUNT_COLUMNS = [
  { name: 'site', type: 'text' },
  /** The beginning of the day, UTC, on which it was received. */
  { name: 'received_at', type: 'time' },
  { name: 'type', type: 'text' },
  /** `path`, `referrer_host`, `screen`, `device`, `browser`, `os`; `element` of clicks, `rating` of web vitals. */
  { name: 'dimension', type: 'text' },
  /** Empty where an event has none; null for all that is too small to be told apart. */
  { name: 'value', type: 'text' },
  { name: 'count', type: 'bigint' },
  { name: 'visitors', type: 'bigint' },
] as const satisfies readonly Column[];

/**
 * The columns of `exempt_evidence`: by site, whether what was measured without consent keeps to its conditions, as the rows
 * themselves have it. No counts: what is there, and since which day.
 */
export const EXEMPT_EVIDENCE_COLUMNS = [
  { name: 'site', type: 'text' },
  { name: 'types', type: 'texts' },
  { name: 'oldest_day', type: 'text' },
  { name: 'newest_day', type: 'text' },
  /** The widths of networks that are kept, such as `/16`. */
  { name: 'ip_widths', type: 'texts' },
  { name: 'screens', type: 'texts' },
  /** The names of the properties. */
  { name: 'props', type: 'texts' },
  { name: 'has_query', type: 'boolean' },
  /** A referrer with more than its host. */
  { name: 'has_referrer_path', type: 'boolean' },
  /** A browser or system with more than its major version. */
  { name: 'has_minor_version', type: 'boolean' },
  /** A time that is more exact than the minute. */
  { name: 'has_seconds', type: 'boolean' },
  { name: 'has_day_visitor', type: 'boolean' },
  /** One visitor's mark on two days. */
  { name: 'has_visitor_of_days', type: 'boolean' },
  /** One visitor's mark on two sites. */
  { name: 'has_visitor_of_sites', type: 'boolean' },
  /** A row that is among the consented events too, or an event there that says that it needed no consent. */
  { name: 'has_joined', type: 'boolean' },
  { name: 'policies', type: 'texts' },
] as const satisfies readonly Column[];

/** Every view that an engine offers beside its tables. It holds no rows: it is made of them when asked. */
export const VIEWS = {
  orders: ORDER_COLUMNS,
  exempt_counts: EXEMPT_COUNT_COLUMNS,
  exempt_evidence: EXEMPT_EVIDENCE_COLUMNS,
} as const satisfies Record<string, readonly Column[]>;

export type ViewName = keyof typeof VIEWS;
