import { LIMITS, type SiteRules } from '@parcours/protocol';
import { type RowClassName, utcDay } from '@parcours/store';
import type { Receipt } from '@parcours/store/receipts';

const DAY_MS = 86_400_000;

/**
 * Days for which a site's rows of each class are kept, by its policy.
 *
 * A failed item may be either kind of event, so the shorter time holds. Counts are of nobody, and explain the events of their
 * days: the longer one.
 */
export function keptFor({ retention }: Pick<SiteRules, 'retention'>): Readonly<Record<RowClassName, number>> {
  const { audience_exempt_days: exempt, events_days: events } = retention;
  return { exempt, events, failed: Math.min(exempt, events), counts: Math.max(exempt, events) };
}

/**
 * Until when a receipt is kept, ms since the epoch: `receipts_days` after the end of the choice that it proves, and never less than
 * the events that were captured under it, the last of which a browser may send a week later (GDPR 7(1): whoever processes must be
 * able to show the consent). What takes a choice back ends as it is made; a grant that tells no end has none.
 */
export function receiptKeptUntil(
  { action, received_at, expires_at }: Pick<Receipt, 'action' | 'received_at' | 'expires_at'>,
  { retention }: Pick<SiteRules, 'retention'>,
): number {
  if (action === 'grant' && expires_at === undefined) return Number.POSITIVE_INFINITY;
  const end = Math.max(Date.parse(received_at), Date.parse(expires_at ?? received_at));
  return end + receiptDays({ retention }) * DAY_MS;
}

/** Days for which a site's receipts are kept after the end of their choice. */
export const receiptDays = ({ retention }: Pick<SiteRules, 'retention'>): number =>
  Math.max(retention.receipts_days, retention.events_days + LIMITS.queueDays + 1);

/**
 * The first UTC day whose rows stay. A day goes whole, on the day on which its first row reaches the age: nothing is ever
 * older than `days`, and the last rows of a day go up to a day early.
 *
 * @param now ms since the epoch
 * @returns `YYYY-MM-DD`
 */
export const firstDayKept = (days: number, now: number): string => utcDay(now - (days - 1) * DAY_MS);
