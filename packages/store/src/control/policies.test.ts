import { expect, test } from 'vitest';
import { foldControl } from './fold.ts';
import type { PolicyPublished } from './kinds/policy_published.ts';
import { policiesOf, policyInForce } from './policies.ts';

const published = (version: string, second: number, hash = 'h'): PolicyPublished => ({
  ...{ v: 1, id: `id-${version}-${second}`, at: `2026-11-22T10:00:0${second}.000Z`, kind: 'policy_published', version },
  ...{ hash: hash.repeat(22), policy: { policy: 1, version } },
});

test('nothing published is no policy: the built-in one is in force', () => {
  expect(policyInForce(foldControl([]))).toBeUndefined();
});

test('what was published last is in force, whatever its number, and the others stay known', () => {
  const [first, second] = [published('2.0.0', 1), published('1.5.0', 2)];
  const state = foldControl([second, first]);
  expect(policyInForce(state)).toBe(second);
  expect(policiesOf(state)).toEqual([first, second]);
});

test('a version says for ever what it said first', () => {
  const [first, changed] = [published('1.0.0', 1), published('1.0.0', 2, 'x')];
  expect(policiesOf(foldControl([changed, first]))).toEqual([first]);
});
