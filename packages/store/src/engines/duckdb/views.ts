import { VIEWS, type ViewName } from '../../tables/views.ts';
import { EXEMPT_COUNTS, EXEMPT_EVIDENCE } from './exempt_views.ts';
import { list, name } from './sql.ts';

/**
 * The rules are told at `ORDER_COLUMNS`. Each choice among an order's events is one `arg_min` over an order that is total,
 * so that a rebuild answers the same. Purchases without a number are apart: a scan skips what one condition on a column
 * leaves out, and reads everything where two are joined by OR.
 */
const ORDERS = `
  WITH told AS (
    SELECT *, type = 'purchase' AS is_purchase, source = 'web' AS is_web
    FROM events
    WHERE order_id IS NOT NULL AND bot IS NOT TRUE
  ),
  found AS (
    SELECT site, order_id,
      arg_min({'id': event_id, 'time': occurred_at}, (NOT is_web, occurred_at, event_id)) FILTER (is_purchase) AS first,
      min(received_at) FILTER (is_purchase) AS received_at,
      arg_min({'visitor': visitor_id, 'session': session_id}, (NOT is_purchase, NOT is_web, occurred_at, event_id))
        FILTER (visitor_id IS NOT NULL) AS who,
      arg_min({'minor': amount_minor, 'currency': currency}, (
        is_web, CASE WHEN is_web THEN epoch_ms(occurred_at) ELSE -epoch_ms(received_at) END, -epoch_ms(occurred_at), event_id
      )) FILTER (is_purchase AND amount_minor IS NOT NULL) AS amount,
      bool_or(NOT is_web) FILTER (is_purchase) AS confirmed,
      bool_or(is_web) FILTER (is_purchase) AS in_browser,
      count(*) FILTER (is_purchase) AS purchases
    FROM told
    GROUP BY site, order_id
  )
  SELECT site, order_id, first.id AS event_id, first.time AS occurred_at, received_at,
    who.visitor AS visitor_id, who.session AS session_id,
    amount.minor AS amount_minor, amount.currency AS currency, confirmed, in_browser, purchases
  FROM found
  WHERE purchases > 0
  UNION ALL
  SELECT site, order_id, event_id, occurred_at, received_at, visitor_id, session_id,
    amount_minor, currency, source <> 'web', source = 'web', 1
  FROM events
  WHERE type = 'purchase' AND order_id IS NULL AND bot IS NOT TRUE`;

const SELECTS: Readonly<Record<ViewName, string>> = {
  orders: ORDERS,
  exempt_counts: EXEMPT_COUNTS,
  exempt_evidence: EXEMPT_EVIDENCE,
};

/** The statements that make every view, or make it anew as this release defines it. */
export const createViews: readonly string[] = Object.entries(VIEWS).map(
  ([view, columns]) =>
    `CREATE OR REPLACE VIEW ${name(view)} AS SELECT ${list(columns)} FROM (${SELECTS[view as ViewName]})`,
);
