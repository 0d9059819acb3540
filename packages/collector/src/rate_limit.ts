import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CollectorError } from './errors.ts';

/**
 * Lets `perSecond` requests of one name through each second and as many again within a burst of ten seconds;
 * more is refused with 429 and the time to wait. Counts live in memory, for this process alone.
 */
export function createRateLimit(keyPrefix: string, perSecond: number): (name: string) => Promise<void> {
  const limiter = new BurstyRateLimiter(
    new RateLimiterMemory({ keyPrefix, points: perSecond, duration: 1 }),
    new RateLimiterMemory({ keyPrefix: `${keyPrefix}-burst`, points: perSecond, duration: 10 }),
  );
  return async (name) => {
    try {
      await limiter.consume(name);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new CollectorError('rate_limited', undefined, {
        retryAfter: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)),
      });
    }
  };
}
