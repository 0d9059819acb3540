import type { FailedCode } from '@parcours/protocol';
import { canonicalTime } from './canonical_time.ts';

export interface ClockReading {
  /** When it happened by the sender's clock, RFC 3339. */
  readonly occurredAt: string;
  /** When this try was sent by the sender's clock, RFC 3339, or ms since the epoch where the caller has read it for the batch. */
  readonly sentAt: string | number;
  /** When it was received by ours, ms since the epoch. */
  readonly receivedAt: number;
}

/** As in the protocol's `LIMITS`. */
export interface ClockLimits {
  readonly skewMs: number;
  readonly futureMs: number;
  readonly backdateDays: number;
}

/** UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`. The sender's own time is there only where it was changed. */
export type CorrectedTime =
  | { readonly occurred_at: string; readonly client_occurred_at?: string; readonly fault?: undefined }
  | { readonly fault: Extract<FailedCode, 'too_old' | 'invalid_field'> };

/**
 * The time of an event by our clock. What the sender's clock says differs from ours by the skew: received less sent.
 *
 * - Skew up to `skewMs` either way is the network's and left alone; beyond it the time is moved by the skew.
 * - A time more than `futureMs` after receipt becomes the time of receipt.
 * - A time more than `backdateDays` before receipt is `too_old`; a time that cannot be read is `invalid_field`.
 *
 * Source: Segment's `timestamp = receivedAt - (sentAt - originalTimestamp)`, with bounds.
 */
export function correctClock(
  { occurredAt, sentAt, receivedAt }: ClockReading,
  { skewMs, futureMs, backdateDays }: ClockLimits,
): CorrectedTime {
  const canonical = canonicalTime(occurredAt);
  const stated = canonical ?? Date.parse(occurredAt);
  const sent = typeof sentAt === 'number' ? sentAt : Date.parse(sentAt);
  if (Number.isNaN(stated) || Number.isNaN(sent)) return { fault: 'invalid_field' };
  const skew = receivedAt - sent;
  const moved = Math.abs(skew) > skewMs ? stated + skew : stated;
  const corrected = moved > receivedAt + futureMs ? receivedAt : moved;
  if (corrected < receivedAt - backdateDays * 86_400_000) return { fault: 'too_old' };
  if (corrected === canonical) return { occurred_at: occurredAt };
  const occurred_at = new Date(corrected).toISOString();
  return corrected === stated ? { occurred_at } : { occurred_at, client_occurred_at: utcTime(stated) };
}

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** A time as `YYYY-MM-DDTHH:mm:ss.sssZ`. An offset can push years 1 and 9999 over the edge, where ISO strings grow a sign: it stays at the edge. */
export const utcTime = (time: number): string => new Date(Math.min(LAST, Math.max(FIRST, time))).toISOString();

/** A time that can be read, as `utcTime` writes it: the very same text where it is so already. */
export const utcText = (text: string): string => (canonicalTime(text) === undefined ? utcTime(Date.parse(text)) : text);
