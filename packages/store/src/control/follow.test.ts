import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLog } from '../log/append.ts';
import { diskFiles } from '../log/disk.ts';
import { systemTimers } from '../timers.ts';
import { appendControl } from './append.ts';
import { type ControlFeed, type FollowOptions, openControlFeed } from './follow.ts';
import { WITHDRAWN_DAYS } from './kinds/consent_withdrawn.ts';
import type { BadControlLine } from './reader.ts';

let folder: string;
let feed: ControlFeed;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'parcours-control-')), 'control');
});
afterEach(async () => {
  await feed?.stop();
  await rm(join(folder, '..'), { recursive: true });
});

const follow = async (options: Partial<FollowOptions> = {}): Promise<ControlFeed> => {
  feed = await openControlFeed({ folder, ...options });
  return feed;
};
const revoke = (key: string, writer = 'cli') =>
  appendControl({ folder, writer, decide: () => [{ kind: 'key_revoked', key }] });
const revoked = (): string[] => [...feed.state.key_revoked.keys()].sort();

/** Ms from now until the feed knows of a key. */
const knows = async (key: string): Promise<number> => {
  const started = performance.now();
  await vi.waitUntil(() => feed.state.key_revoked.has(key), { timeout: 5_000, interval: 5 });
  return performance.now() - started;
};

test('knows what is there when it opens, whoever wrote it', async () => {
  await revoke('a');
  await revoke('b', 'reader');
  await follow();
  expect(revoked()).toEqual(['a', 'b']);
});

test('begins before the folder is there, and hears of what comes within a second, of new writers too', async () => {
  await follow();
  const changes = vi.fn();
  feed.onChange(changes);
  await revoke('a');
  expect(await knows('a')).toBeLessThan(1_000);
  await revoke('b', 'reader');
  expect(await knows('b')).toBeLessThan(1_000);
  // The state changes while the logs are read; whoever listens is told once all of them are.
  await vi.waitFor(() => expect(changes).toHaveBeenCalledTimes(2), { timeout: 5_000 });
});

test('hears within a second where the file system gives no notice', async () => {
  await follow({ watch: () => () => undefined });
  await revoke('a');
  expect(await knows('a')).toBeLessThan(1_000);
});

test('wakes at once where it gives one', async () => {
  await revoke('first');
  await follow({ intervalMs: 60_000 });
  await revoke('a');
  expect(await knows('a')).toBeLessThan(1_000);
});

test('follows a log that grows, as a process that writes much has one', async () => {
  const log = await openLog({ folder: join(folder, 'collector-0') });
  const record = (n: number) =>
    JSON.stringify({ v: 1, kind: 'key_revoked', id: `id-${n}`, at: '2026-11-22T10:00:00.000Z', key: `k${n}` });
  await log.append(record(1));
  await follow();
  await log.append(record(2));
  await knows('k2');
  await log.close();
  expect(revoked()).toEqual(['k1', 'k2']);
});

test('passes over a bad line, reports it, and keeps a kind that it does not know', async () => {
  const bad: BadControlLine[] = [];
  await revoke('a');
  const [segment = ''] = (await readdir(join(folder, 'cli'))).filter((name) => name.endsWith('.log'));
  await appendFile(join(folder, 'cli', segment), 'cafecafe {"kind":"key_revoked"}\n');
  await mkdir(join(folder, 'newer'));
  const log = await openLog({ folder: join(folder, 'newer') });
  await log.append(JSON.stringify({ v: 1, kind: 'of_a_newer_program', id: 'p', at: '2026-11-22T10:00:00.000Z' }));
  await log.append(JSON.stringify({ v: 1, kind: 'key_revoked', id: 'p', at: '2026-11-22T10:00:00.000Z' }));
  await log.close();
  await writeFile(join(folder, 'README'), 'not ours');
  await writeFile(join(folder, 'notes'), 'not ours either');
  await follow({ onBad: (line) => bad.push(line) });
  await revoke('b');
  await knows('b');
  expect(revoked()).toEqual(['a', 'b']);
  expect(bad).toMatchObject([
    { writer: 'cli', reason: 'checksum' },
    { writer: 'newer', reason: 'key_revoked: key must be a text of 1 to 2000 characters' },
  ]);
  expect(feed.stats()).toMatchObject({ records: 3, unknownKinds: 1, badLines: 2 });
});

test('lets go of what has ended, as it opens and within a day of it', async () => {
  const [DAY_MS, withdrawn_at] = [86_400_000, '2026-11-22T10:00:00.000Z'];
  let now = Date.parse(withdrawn_at);
  const timers = { ...systemTimers, now: () => now };
  const log = await openLog({ folder: join(folder, 'collector-0') });
  const head = { v: 1, kind: 'consent_withdrawn', site: 'shop', withdrawn_at };
  await log.append(JSON.stringify({ ...head, id: '1', at: withdrawn_at, subject: 's1' }));
  await log.close();
  const held = () => feed.state.consent_withdrawn.get('shop')?.subjects.size;
  await follow({ timers, intervalMs: 5 });
  expect(held()).toBe(1);
  now += (WITHDRAWN_DAYS + 1) * DAY_MS;
  const lookedAt = feed.stats().lagMs;
  await vi.waitUntil(() => feed.stats().lagMs < lookedAt, { timeout: 5_000, interval: 5 });
  expect(held()).toBe(1);
  now += DAY_MS;
  await vi.waitUntil(() => held() === 0, { timeout: 5_000, interval: 5 });
  await feed.stop();
  await follow({ timers });
  expect(held()).toBe(0);
});

test('tells its lag, which grows while the folder cannot be read, and shrinks after', async () => {
  let failing = false;
  const errors = vi.fn();
  const files = {
    ...diskFiles,
    list: (path: string) => (failing ? Promise.reject(new Error('EIO')) : diskFiles.list(path)),
  };
  await revoke('a');
  await follow({ files, intervalMs: 10, onError: errors });
  failing = true;
  await vi.waitUntil(() => feed.stats().lagMs > 100, { timeout: 5_000 });
  expect(errors).toHaveBeenCalled();
  expect(feed.stats().lastError).toBe('EIO');
  expect(revoked()).toEqual(['a']);
  failing = false;
  await vi.waitUntil(() => feed.stats().lagMs < 100, { timeout: 5_000 });
  expect(feed.stats().lastError).toBeUndefined();
});

test('does not open where the folder cannot be read', async () => {
  await mkdir(join(folder, '..', 'x'));
  const files = { ...diskFiles, list: () => Promise.reject(new Error('EACCES')) };
  await expect(openControlFeed({ folder, files })).rejects.toThrow('EACCES');
});
