import { afterEach, describe, expect, it, vi } from 'vitest';
import { LONGEST_MS, LONGEST_VISIBLE_MS, retryAfter, retryDelay } from './retry.ts';

afterEach(() => vi.restoreAllMocks());

describe('retryDelay', () => {
  it.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [5, 8_000, 16_000],
    [9, 15_000, 30_000],
    [99, 15_000, 30_000],
  ])('after %i failures waits from %i to %i ms', (failures, least, most) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    expect(retryDelay(failures, LONGEST_VISIBLE_MS, 0)).toBe(least);
    vi.spyOn(Math, 'random').mockReturnValue(1);
    expect(retryDelay(failures, LONGEST_VISIBLE_MS, 0)).toBe(most);
  });

  it('never waits less than the collector asked', () => {
    expect(retryDelay(1, LONGEST_VISIBLE_MS, 120_000)).toBe(120_000);
  });
});

describe('retryAfter', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');
  it.each([
    ['7', 7_000],
    [' 7 ', 7_000],
    ['Sun, 22 Nov 2026 10:00:09 GMT', 9_000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['86400', LONGEST_MS],
    ['0', 0],
    ['-3', 0],
    ['soon', 0],
    ['', 0],
    [null, 0],
  ])('reads %j as %i ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms);
  });
});
