import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendControl, type ControlFeed, type NewRecord, openControlFeed } from '@parcours/store/control';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followSites } from './follow.ts';
import type { SiteInForce } from './in_force.ts';

let folder: string;
let feed: ControlFeed;
let stop: () => void;
let sites: readonly SiteInForce[];
const wrong = vi.fn();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-sites-'));
  feed = await openControlFeed({ folder });
  wrong.mockReset();
  stop = followSites({
    configured: [],
    feed,
    onSites: (inForce) => {
      sites = inForce;
    },
    onWrong: wrong,
  });
});
afterEach(async () => {
  stop();
  await feed.stop();
  await rm(folder, { recursive: true });
});

const decide = (...records: NewRecord[]) => appendControl({ folder, writer: 'cli', decide: () => records });
const added = (site: string, origins: string[]): NewRecord => ({
  ...{ kind: 'site_added', site, origins, query_keys: [], hosts: [], cookie_domains: [] },
});
const keys = (): (readonly string[])[] => sites.map(({ id, keys }) => [id, ...keys]);

test('tells the sites at once, and after each decision', async () => {
  expect(sites).toEqual([]);
  await decide(added('shop', []), { kind: 'key_created', key: 'k', use: 'public', site: 'shop', public_key: 'pk' });
  await vi.waitUntil(() => sites.length === 1, { timeout: 5_000 });
  expect(keys()).toEqual([['shop', 'pk']]);
  await decide({ kind: 'key_revoked', key: 'k' });
  await vi.waitUntil(() => sites[0]?.keys.length === 0, { timeout: 5_000 });
});

test('lets a key go when its time comes, though nobody decides anything', async () => {
  const expires_at = new Date(Date.now() + 900).toISOString();
  await decide(added('shop', []), {
    ...{ kind: 'key_created', key: 'k', use: 'public', site: 'shop', public_key: 'pk', expires_at },
  });
  await vi.waitUntil(() => sites[0]?.keys.length === 1, { timeout: 2_000, interval: 5 });
  await vi.waitUntil(() => sites[0]?.keys.length === 0, { timeout: 3_000, interval: 5 });
  const late = Date.now() - Date.parse(expires_at);
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(1_000);
});

test('leaves a site out whose settings cannot be used, and not the others', async () => {
  await decide(added('shop', []), added('odd', ['https://odd.example/path']));
  await vi.waitUntil(() => sites.length > 0, { timeout: 5_000 });
  expect(keys()).toEqual([['shop']]);
  expect(wrong).toHaveBeenCalledWith('odd', expect.stringContaining('must be an origin'));
});
