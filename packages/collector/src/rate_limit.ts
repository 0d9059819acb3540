import { CollectorError } from './errors.ts';

/** What may come at once after a silence, in ms of the rate. */
const BURST_MS = 2_000;
const SWEEP_MS = 10_000;
/** Shares of a second are no exact numbers. */
const ROUNDING_MS = 0.001;

/**
 * Lets `perSecond` requests of one name through each second, spread over it, and twice as many at once after two seconds of
 * silence; more is refused with 429 and the time to wait. Spread, because a sender far over its rate would otherwise have its
 * whole second served in its first moments, and all others wait meanwhile. Counts live in memory, for this process alone, and
 * a name that was silent is forgotten.
 *
 * It answers at once: it is asked twice for every request, and a promise costs more than the counting.
 * Source: the generic cell rate algorithm, ITU-T I.371, A.2: one number a name, the time up to which its rate is used up.
 *
 * @param onLimited told each time a request is refused
 * @param monotonic ms from any point in time; a clock that is set back would lock senders out
 */
export function createRateLimit(
  perSecond: number,
  onLimited: () => void = () => {},
  monotonic: () => number = () => performance.now(),
): (name: string) => void {
  const eachMs = 1_000 / perSecond;
  const usedUpTo = new Map<string, number>();
  let sweepAt = monotonic() + SWEEP_MS;

  const sweep = (time: number): void => {
    sweepAt = time + SWEEP_MS;
    for (const [name, usedUp] of usedUpTo) if (usedUp <= time) usedUpTo.delete(name);
  };

  return (name) => {
    const time = monotonic();
    if (time >= sweepAt) sweep(time);
    const next = Math.max(usedUpTo.get(name) ?? time, time) + eachMs;
    const msLeft = next - time - BURST_MS;
    if (msLeft <= ROUNDING_MS) return void usedUpTo.set(name, next);
    onLimited();
    throw new CollectorError('rate_limited', undefined, { retryAfter: Math.max(1, Math.ceil(msLeft / 1000)) });
  };
}
