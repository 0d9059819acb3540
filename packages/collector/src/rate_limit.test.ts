import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CollectorError } from './errors.ts';
import { createRateLimit } from './rate_limit.ts';

/** A limit with a clock of its own; `ask` tells how many of some requests are let through. */
const open = (perSecond: number) => {
  let time = 1_000_000;
  const limit = createRateLimit(perSecond, undefined, () => time);
  const ask = (name: string, requests: number): number => {
    let passed = 0;
    for (let n = 0; n < requests; n++) {
      try {
        limit(name);
        passed++;
      } catch (error) {
        expect(error).toBeInstanceOf(CollectorError);
      }
    }
    return passed;
  };
  return {
    limit,
    ask,
    wait: (ms: number) => {
      time += ms;
    },
  };
};

describe('createRateLimit', () => {
  it('lets a burst of twice the rate through, then the rate', () => {
    const { ask, wait } = open(5);
    expect(ask('a', 50)).toBe(10);
    wait(1_000);
    expect(ask('a', 50)).toBe(5);
  });

  it('has another burst after two seconds of silence, and half of it after one', () => {
    const { ask, wait } = open(5);
    ask('a', 50);
    wait(2_000);
    expect(ask('a', 50)).toBe(10);
    wait(1_000);
    expect(ask('a', 50)).toBe(5);
    wait(60_000);
    expect(ask('a', 50)).toBe(10);
  });

  it('spreads what a sender without end gets over each second', () => {
    const { ask, wait } = open(100);
    ask('a', 300);
    const passed = Array.from({ length: 20 }, () => {
      wait(50);
      return ask('a', 300);
    });
    expect(passed).toEqual(Array.from({ length: 20 }, () => 5));
  });

  it('counts each name alone', () => {
    const { ask } = open(2);
    expect(ask('a', 9)).toBe(4);
    expect(ask('b', 9)).toBe(4);
  });

  it('says how long to wait', () => {
    const { limit, ask } = open(1);
    ask('a', 2);
    expect(() => limit('a')).toThrow(
      expect.objectContaining({ code: 'rate_limited', options: { retryAfter: 1 } }) as Error,
    );
  });

  it('lets no more through in any ten seconds than they and a burst hold', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3_000), fc.nat(20)), { maxLength: 60 }), (steps) => {
        const { ask, wait } = open(3);
        let time = 0;
        const passes: [number, number][] = [];
        for (const [ms, requests] of steps) {
          wait(ms);
          time += ms;
          passes.push([time, ask('a', requests)]);
        }
        for (const [from] of passes) {
          const within = passes.filter(([at]) => at >= from && at < from + 10_000);
          expect(within.reduce((sum, [, passed]) => sum + passed, 0)).toBeLessThanOrEqual(3 * 10 + 3 * 2);
        }
      }),
    );
  });
});
