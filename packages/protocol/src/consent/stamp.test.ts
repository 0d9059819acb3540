import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LIMITS } from '../limits.ts';
import { PURPOSES } from './purposes.ts';
import { grants, stampFault } from './stamp.ts';

const now = Date.parse('2026-11-22T10:00:00Z');

it('finds a fault in whatever is not a stamp, and never throws', () => {
  fc.assert(
    fc.property(fc.anything(), (stamp) => {
      const fault = stampFault(stamp, now, LIMITS);
      const reads =
        typeof stamp === 'object' && stamp !== null && Array.isArray((stamp as { purposes?: unknown }).purposes);
      expect(fault !== undefined || reads).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it('lets a choice stand for 182 days and not a millisecond more', () => {
  const stamp = (ageMs: number) => ({
    purposes: ['audience'],
    source: 'manual',
    at: new Date(now - ageMs).toISOString(),
  });
  expect(stampFault(stamp(182 * 86_400_000), now, LIMITS)).toBeUndefined();
  expect(stampFault(stamp(182 * 86_400_000 + 1), now, LIMITS)).toBe('consent_expired');
});

it('grants a purpose by its exact name only', () => {
  for (const purpose of PURPOSES) {
    expect(grants({ purposes: [purpose] }, purpose)).toBe(true);
    expect(grants({ purposes: [`${purpose} `, purpose.toUpperCase(), 'all', '*'] }, purpose)).toBe(false);
  }
});
