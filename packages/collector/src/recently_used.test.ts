import { expect, it } from 'vitest';
import { createRecentlyUsed } from './recently_used.ts';

it('keeps what is used and forgets the rest', () => {
  const memory = createRecentlyUsed<number>(2);
  memory.set('used', 1);
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
    memory.set(key, 2);
    expect(memory.get('used')).toBe(1);
  }
  expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key))).toEqual([undefined, undefined, undefined, undefined]);
  expect(memory.get('f')).toBe(2);
});

it('holds no more than two generations', () => {
  const memory = createRecentlyUsed<number>(3);
  const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
  for (const key of keys) memory.set(key, 1);
  expect(keys.filter((key) => memory.get(key) !== undefined).length).toBeLessThanOrEqual(6);
});

it('takes a new value for a key that it holds', () => {
  const memory = createRecentlyUsed<number>(1);
  memory.set('a', 1);
  memory.set('a', 2);
  expect(memory.get('a')).toBe(2);
});
