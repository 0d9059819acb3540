import { expect, it } from 'vitest';
import { growthPerMinute } from './slope.mjs';

/** One sample a second for an hour; garbage is collected each 37 seconds, after 20 MB of it. */
const hour = (growthMbAMinute: number) =>
  Array.from({ length: 3_600 }, (_, second) => ({
    ms: second * 1_000,
    value: 90 + (second % 37) / 2 + (second / 60) * growthMbAMinute,
  }));

it('sees a growth that garbage hides, and none where there is only garbage', () => {
  expect(growthPerMinute(hour(0.1))).toBeCloseTo(0.1, 2);
  expect(growthPerMinute(hour(0))).toBeCloseTo(0, 2);
  expect(growthPerMinute(hour(-0.1))).toBeCloseTo(-0.1, 2);
});
