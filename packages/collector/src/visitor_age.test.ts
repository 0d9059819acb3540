import { expect, it } from 'vitest';
import { firstIssue, isAlive, madeAt, VISITOR_LIFE_MS } from './visitor_age.ts';

const now = Date.parse('2026-11-22T10:00:00.123Z');
/** A UUID of version 7 made at a time. */
const idOf = (time: number): string => {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
};

it('reads when a UUID of version 7 was made, and of no other id', () => {
  expect(madeAt(idOf(now))).toBe(now);
  expect(madeAt(idOf(now).toUpperCase())).toBe(now);
  for (const id of [
    'visitor-1',
    '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
    `${idOf(now)}0`,
    idOf(now).replace('-8', '-c'),
  ]) {
    expect(madeAt(id)).toBeUndefined();
  }
});

it('dates an id by itself, by now where it does not tell, and never ahead of now', () => {
  expect(firstIssue(idOf(now - 5_000), now)).toBe(now - 5_000);
  expect(firstIssue('visitor-1', now)).toBe(now);
  expect(firstIssue(idOf(now + 86_400_000), now)).toBe(now);
});

it('ends an id 395 days after its first issue', () => {
  expect(isAlive(now - VISITOR_LIFE_MS + 1, now)).toBe(true);
  expect(isAlive(now - VISITOR_LIFE_MS, now)).toBe(false);
  expect(isAlive(Number.NaN, now)).toBe(false);
});
