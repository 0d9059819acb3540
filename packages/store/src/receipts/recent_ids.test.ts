import { expect, it } from 'vitest';
import { createRecentIds } from './recent_ids.ts';

const IDS = Array.from({ length: 50 }, (_, index) => `id ${index}`);

it('knows the last ones, and not more than two generations of them', () => {
  const recent = createRecentIds([], 8);
  for (const [index, id] of IDS.entries()) {
    expect(recent.has(id)).toBe(false);
    recent.add(id);
    const known = IDS.filter((each) => recent.has(each));
    expect(known).toEqual(IDS.slice(index + 1 - known.length, index + 1));
    expect(known.length).toBeGreaterThanOrEqual(Math.min(index + 1, 8));
    expect(known.length).toBeLessThanOrEqual(16);
  }
});

it('knows at once what it is given, the newest of it', () => {
  const recent = createRecentIds(IDS, 8);
  expect(IDS.slice(-8).every((id) => recent.has(id))).toBe(true);
  expect(recent.has('id 0')).toBe(false);
});
