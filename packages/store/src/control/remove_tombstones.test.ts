import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendControl } from './append.ts';
import { foldControl } from './fold.ts';
import { openControlFeed } from './follow.ts';
import { erasedAt, erasuresOf, tombstonesEnd } from './kinds/subject_erased.ts';
import { readControl } from './reader.ts';
import { removeTombstones } from './remove_tombstones.ts';
import { tombstoneDays } from './tombstone_days.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-22T12:00:00.000Z');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-tombstones-'));
});
afterEach(() => rm(folder, { recursive: true }));

const hash = (n: number): string => String(n).padStart(32, '0');
const erase = (n: number, days: number, writer = 'reader') =>
  appendControl({
    ...{ folder, writer },
    decide: () => [{ kind: 'subject_erased', hashes: [hash(n)] }],
    now: () => NOW - days * DAY_MS,
  });
const addSite = (site: string, days: number, writer = 'reader') =>
  appendControl({
    ...{ folder, writer },
    decide: () => [
      {
        ...{ kind: 'site_added', site, origins: [`https://${site}.example`] },
        ...{ query_keys: [], hosts: [], cookie_domains: [] },
      },
    ],
    now: () => NOW - days * DAY_MS,
  });
const take = async (more: { dryRun?: boolean } = {}) =>
  removeTombstones({ folder, before: tombstonesEnd(await readControl(folder), NOW), ...more });
const erasedNow = async (): Promise<readonly string[]> => {
  const { subject_erased } = await readControl(folder);
  return [...subject_erased.hashes.keys()].sort();
};

describe('marks of the erased', () => {
  it('go once they hold no more, and nothing else with them', async () => {
    await erase(1, 500);
    await erase(4, 499, 'cli');
    await addSite('old', 498);
    await appendControl({
      ...{ folder, writer: 'reader', now: () => NOW - 497 * DAY_MS },
      decide: () => [
        { kind: 'subject_erased', hashes: [hash(5)] },
        { kind: 'site_removed', site: 'old' },
      ],
    });
    await erase(2, 426);
    await erase(3, 424);
    await addSite('new', 1, 'cli');
    expect(await take({ dryRun: true })).toMatchObject({ removed: 3 });
    expect(await erasedNow()).toHaveLength(5);
    expect(await take()).toEqual({ removed: 3, oldest: new Date(NOW - 497 * DAY_MS).toISOString() });
    // One that stands beside something else stays with it.
    expect(await erasedNow()).toEqual([hash(3), hash(5)]);
    expect([...(await readControl(folder)).site_added.keys()].sort()).toEqual(['new', 'old']);
    expect(await take()).toMatchObject({ removed: 0 });
  });

  it('leave the newest segment, so that whoever follows misses nothing of what comes', async () => {
    await erase(1, 500);
    await erase(2, 490);
    const feed = await openControlFeed({ folder, intervalMs: 10 });
    try {
      await take();
      expect(await readdir(join(folder, 'reader'))).toHaveLength(1);
      await erase(3, 0);
      await expect.poll(() => feed.state.subject_erased.hashes.has(hash(3))).toBe(true);
    } finally {
      await feed.stop();
    }
  });
});

describe('a mark holds', () => {
  const stateWith = (policy?: object, days = 500) =>
    foldControl([
      ...(policy
        ? [
            {
              ...{ v: 1, kind: 'policy_published', id: 'p', at: '2026-01-01T00:00:00.000Z', version: '1.0.0' },
              ...{ hash: 'h'.repeat(22), policy: { policy: 1, version: '1.0.0', ...policy } as Policy },
            } as never,
          ]
        : []),
      {
        ...{ v: 1, kind: 'subject_erased', id: 'e', at: new Date(NOW - days * DAY_MS).toISOString() },
        hashes: [hash(1)],
      } as never,
    ]);

  it.each<[string, object | undefined, number]>([
    ['425 days where nothing else is said', undefined, 425],
    ['as the policy says', { rules: { retention: { tombstones_days: 600 } } }, 600],
    ['as long as events of a backup may be kept', { rules: { retention: { events_days: 700 } } }, 701],
    ['as long as those of one country', { countries: { BE: { retention: { events_days: 700 } } } }, 701],
    ['as long as those of one site', { sites: { shop: { retention: { events_days: 800 } } } }, 801],
    [
      'a week longer than the id of a browser',
      { rules: { cookie_days: 395, retention: { tombstones_days: 395 } } },
      402,
    ],
    ['the longest there may be where the policy is a newer one', { rules: { retention: { events_days: 'x' } } }, 3650],
  ])('%s', (_, policy, days) => {
    expect(tombstoneDays(stateWith(policy))).toBe(days);
    const ask = (age: number) => {
      const state = stateWith(policy, age);
      return [erasedAt(state, { hash: hash(1), site: 's', now: NOW }) !== undefined, erasuresOf(state, NOW).length];
    };
    expect(ask(days - 1)).toEqual([true, 1]);
    expect(ask(days)).toEqual([false, 0]);
  });
});
