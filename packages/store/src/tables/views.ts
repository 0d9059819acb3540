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

/** Every view that an engine offers beside its tables. It holds no rows: it is made of them when asked. */
export const VIEWS = { orders: ORDER_COLUMNS } as const satisfies Record<string, readonly Column[]>;

export type ViewName = keyof typeof VIEWS;
