import { CollectorError } from './errors.ts';

const WINDOW_MS = 1_000;
const BURST_MS = 10_000;

/** What one name has used of its second, and beyond that of its burst. */
interface Usage {
  used: number;
  endsAt: number;
  burst: number;
  burstEndsAt: number;
}

/**
 * Lets `perSecond` requests of one name through each second and as many again within a burst of ten seconds;
 * more is refused with 429 and the time to wait. Counts live in memory, for this process alone, and a name that was silent
 * for ten seconds is forgotten.
 *
 * It answers at once: it is asked twice for every request, and a promise costs more than the counting.
 *
 * @param onLimited told each time a request is refused
 * @param monotonic ms from any point in time; a clock that is set back would lock senders out
 */
export function createRateLimit(
  perSecond: number,
  onLimited: () => void = () => {},
  monotonic: () => number = () => performance.now(),
): (name: string) => void {
  const names = new Map<string, Usage>();
  let sweepAt = monotonic() + BURST_MS;

  const sweep = (time: number): void => {
    sweepAt = time + BURST_MS;
    for (const [name, usage] of names) if (usage.endsAt <= time && usage.burstEndsAt <= time) names.delete(name);
  };

  return (name) => {
    const time = monotonic();
    if (time >= sweepAt) sweep(time);
    let usage = names.get(name);
    if (usage === undefined) {
      usage = { used: 0, endsAt: 0, burst: 0, burstEndsAt: 0 };
      names.set(name, usage);
    }
    if (time >= usage.endsAt) {
      usage.used = 0;
      usage.endsAt = time + WINDOW_MS;
    }
    if (++usage.used <= perSecond) return;
    if (time >= usage.burstEndsAt) {
      usage.burst = 0;
      usage.burstEndsAt = time + BURST_MS;
    }
    if (++usage.burst <= perSecond) return;
    onLimited();
    const msLeft = Math.min(usage.endsAt, usage.burstEndsAt) - time;
    throw new CollectorError('rate_limited', undefined, { retryAfter: Math.max(1, Math.ceil(msLeft / 1000)) });
  };
}
