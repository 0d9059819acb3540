import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createVolatileDisk } from '../log/volatile.ts';
import { appendControl } from './append.ts';
import { type ControlFeed, openControlFeed } from './follow.ts';
import { withdrawnOf } from './kinds/consent_withdrawn.ts';
import { readControl } from './reader.ts';
import { type ControlWriter, openControlWriter } from './writer.ts';

let root: string;
let folder: string;
let feed: ControlFeed | undefined;
const writers: ControlWriter[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parcours-control-'));
  folder = join(root, 'control');
});
afterEach(async () => {
  await feed?.stop();
  await Promise.all(writers.splice(0).map((writer) => writer.close()));
  await rm(root, { recursive: true });
});

const open = async (writer = 'collector-0'): Promise<ControlWriter> => {
  const opened = await openControlWriter({ folder, writer });
  writers.push(opened);
  return opened;
};
const withdrawal = (n: number) =>
  ({ kind: 'consent_withdrawn', site: 'shop', subject: `s${n}`, withdrawn_at: '2026-11-22T10:00:00.000Z' }) as const;
const knows = (n: number) => feed && withdrawnOf(feed.state, 'shop', `s${n}`) !== undefined;

test('every other process knows of a withdrawal within a second of its append, over segments and starts', async () => {
  const first = await open();
  feed = await openControlFeed({ folder, watch: () => () => undefined });
  const waits: number[] = [];
  let writer = first;
  for (let n = 0; n < 6; n++) {
    await writer.append(withdrawal(n));
    const started = performance.now();
    await vi.waitUntil(() => knows(n), { timeout: 5_000, interval: 5 });
    waits.push(performance.now() - started);
    if (n % 2 === 1) {
      await writer.close();
      writer = await open();
    }
  }
  expect(Math.max(...waits)).toBeLessThan(1_000);
  expect((await readdir(join(folder, 'collector-0'))).filter((name) => name.endsWith('.log'))).toHaveLength(3);
});

test('what is written while others read and commands append is whole for all of them', async () => {
  const collector = await open();
  const second = await open('collector-1');
  feed = await openControlFeed({ folder, intervalMs: 5 });
  const written = Array.from({ length: 2_000 }, (_, n) => (n % 2 ? second : collector).append(withdrawal(n)));
  const commands = Promise.all(
    ['a', 'b', 'c'].map((key) =>
      appendControl({ folder, writer: 'cli', decide: () => [{ kind: 'key_revoked', key }] }),
    ),
  );
  await Promise.all([...written, commands]);
  await vi.waitUntil(() => feed?.state.consent_withdrawn.get('shop')?.subjects.size === 2_000, { timeout: 5_000 });
  await vi.waitUntil(() => feed?.state.key_revoked.size === 3, { timeout: 5_000 });
  expect(feed.stats()).toMatchObject({ records: 2_003, badLines: 0, unknownKinds: 0 });
  const state = await readControl(folder);
  expect([state.consent_withdrawn.get('shop')?.subjects.size, state.key_revoked.size]).toEqual([2_000, 3]);
  expect((await readdir(join(folder, 'cli'))).sort()).toEqual([
    '000000000000001.log',
    '000000000000002.log',
    '000000000000003.log',
  ]);
});

test('who follows sites is not woken by withdrawals', async () => {
  const writer = await open();
  feed = await openControlFeed({ folder, intervalMs: 5 });
  const [all, sites] = [vi.fn(), vi.fn()];
  feed.onChange(all);
  const unsubscribe = feed.onChange(sites, ['site_added', 'key_revoked']);
  await writer.append(withdrawal(1));
  await vi.waitUntil(() => knows(1), { timeout: 5_000 });
  await appendControl({ folder, writer: 'cli', decide: () => [{ kind: 'key_revoked', key: 'a' }] });
  await vi.waitFor(() => expect([all.mock.calls.length, sites.mock.calls.length]).toEqual([2, 1]), { timeout: 5_000 });
  unsubscribe();
  await appendControl({ folder, writer: 'cli', decide: () => [{ kind: 'key_revoked', key: 'b' }] });
  await vi.waitFor(() => expect([all.mock.calls.length, sites.mock.calls.length]).toEqual([3, 1]), { timeout: 5_000 });
});

test('a power cut takes nothing that was acknowledged, and a full disk is told', async () => {
  const disk = createVolatileDisk();
  const writer = await openControlWriter({ folder: '/data/control', writer: 'collector-0', files: disk.mount() });
  await writer.append(withdrawal(1));
  disk.crash();
  const files = disk.mount();
  feed = await openControlFeed({ folder: '/data/control', files, watch: () => () => undefined });
  expect(knows(1)).toBe(true);
  disk.setCapacity(0);
  const next = await openControlWriter({ folder: '/data/control', writer: 'collector-0', files });
  await expect(next.append(withdrawal(2))).rejects.toMatchObject({ code: 'unavailable' });
});

test('refuses what is no record', async () => {
  const writer = await open();
  await expect(writer.append({ ...withdrawal(1), withdrawn_at: 'now' })).rejects.toThrow(
    '[control] consent_withdrawn: withdrawn_at must be a time',
  );
});
