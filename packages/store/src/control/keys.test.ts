import { describe, expect, test } from 'vitest';
import { foldControl } from './fold.ts';
import { isOpen, keysOf, nextExpiry } from './keys.ts';
import type { KnownRecord } from './kinds/index.ts';
import { sitesOf } from './sites.ts';

const START = Date.parse('2026-11-22T10:00:00.000Z');
const time = (ms: number): string => new Date(START + ms).toISOString();

let ids = 0;
const head = (ms: number) => ({ v: 1, id: `id-${++ids}`, at: time(ms) }) as const;
const added = (ms: number, site = 'shop'): KnownRecord => ({
  ...head(ms),
  kind: 'site_added',
  site,
  origins: [],
  query_keys: [],
  hosts: [],
  cookie_domains: [],
});
const removed = (ms: number, site = 'shop'): KnownRecord => ({ ...head(ms), kind: 'site_removed', site });
const made = (ms: number, key: string, more: object = {}): KnownRecord =>
  ({
    ...head(ms),
    kind: 'key_created',
    key,
    use: 'public',
    site: 'shop',
    public_key: `pk_${key}`,
    ...more,
  }) as KnownRecord;
const revoked = (ms: number, key: string): KnownRecord => ({ ...head(ms), kind: 'key_revoked', key });
const expires = (ms: number, key: string, at: number): KnownRecord => ({
  ...head(ms),
  kind: 'key_expires',
  key,
  expires_at: time(at),
});

const statesAt = (ms: number, ...records: KnownRecord[]) =>
  keysOf(foldControl(records), START + ms).map(({ created, state, ends_at }) => [created.key, state, ends_at]);

describe('keysOf', () => {
  test('a key is active until something ends it', () => {
    expect(statesAt(9, made(1, 'a'), made(2, 'b'), revoked(3, 'b'))).toEqual([
      ['a', 'active', undefined],
      ['b', 'revoked', time(3)],
    ]);
  });

  test('a key that expires opens until its time and not at it', () => {
    const records = [made(1, 'a', { expires_at: time(10) })];
    expect(statesAt(9, ...records)).toEqual([['a', 'expiring', time(10)]]);
    expect(statesAt(10, ...records)).toEqual([['a', 'expired', time(10)]]);
    expect(keysOf(foldControl(records), START + 9).map(isOpen)).toEqual([true]);
    expect(keysOf(foldControl(records), START + 10).map(isOpen)).toEqual([false]);
  });

  test('no later word makes the life of a key longer', () => {
    expect(statesAt(9, made(1, 'a', { expires_at: time(10) }), expires(2, 'a', 20), expires(3, 'a', 15))).toEqual([
      ['a', 'expiring', time(10)],
    ]);
    expect(statesAt(9, made(1, 'a'), expires(2, 'a', 8), expires(3, 'a', 15))).toEqual([['a', 'expired', time(8)]]);
  });

  test('keys end with their site, and a site of that name that comes later does not bring them back', () => {
    const records = [
      added(1),
      made(2, 'old'),
      removed(3),
      added(4),
      made(5, 'new'),
      made(2, 'console', { use: 'console' }),
    ];
    expect(statesAt(9, ...records).sort()).toEqual([
      ['console', 'active', undefined],
      ['new', 'active', undefined],
      ['old', 'revoked', time(3)],
    ]);
  });

  test('a revocation of a key that was never heard of waits for it', () => {
    expect(statesAt(9, revoked(1, 'a'))).toEqual([]);
    expect(statesAt(9, revoked(1, 'a'), made(2, 'a'))).toEqual([['a', 'revoked', time(1)]]);
  });
});

test('nextExpiry tells the first end that is still to come', () => {
  const records = [made(1, 'a', { expires_at: time(10) }), made(1, 'b', { expires_at: time(7) }), made(1, 'c')];
  const state = foldControl(records);
  expect([0, 7, 10].map((ms) => nextExpiry(state, START + ms))).toEqual([START + 7, START + 10, undefined]);
});

test('sitesOf knows the sites that were added last and not removed after', () => {
  const state = foldControl([
    added(1),
    added(2, 'gone'),
    removed(3, 'gone'),
    added(4, 'back'),
    removed(5, 'back'),
    added(6, 'back'),
  ]);
  expect(sitesOf(state).map(({ site }) => site)).toEqual(['shop', 'back']);
});
