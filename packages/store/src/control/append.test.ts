import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { createVolatileDisk } from '../log/volatile.ts';
import { appendControl, type NewRecord } from './append.ts';
import type { ControlState } from './kinds/index.ts';
import { createControlReader } from './reader.ts';

const FOLDER = '/data/control';
const NOW = Date.parse('2026-11-22T10:00:00.000Z');

const revoke = (key: string): NewRecord => ({ kind: 'key_revoked', key });

/** Refuses what is revoked already. */
const revokeOnce =
  (key: string) =>
  (state: ControlState): NewRecord[] => {
    if (state.key_revoked.has(key)) throw new Error(`${key} is revoked already`);
    return [revoke(key)];
  };

async function revokedIn(files: LogFiles, folder = FOLDER): Promise<string[]> {
  const reader = createControlReader({ folder, files });
  await reader.readNew();
  expect(reader.counts().badLines).toBe(0);
  return [...reader.state.key_revoked.keys()].sort();
}

test('records lie under ids of their own, at one time', async () => {
  const files = createVolatileDisk().mount();
  const records = await appendControl({
    folder: FOLDER,
    writer: 'cli',
    files,
    now: () => NOW,
    decide: () => [revoke('a'), revoke('b')],
  });
  expect(records).toMatchObject([
    { v: 1, kind: 'key_revoked', key: 'a', at: '2026-11-22T10:00:00.000Z' },
    { v: 1, kind: 'key_revoked', key: 'b', at: '2026-11-22T10:00:00.000Z' },
  ]);
  expect(new Set(records.map(({ id }) => id)).size).toBe(2);
  expect(await revokedIn(files)).toEqual(['a', 'b']);
});

test('a clock that is set back does not put a decision before what it was made on', async () => {
  const files = createVolatileDisk().mount();
  const at = async (writer: string, now: number): Promise<string | undefined> =>
    (await appendControl({ folder: FOLDER, writer, files, now: () => now, decide: () => [revoke('a')] }))[0]?.at;
  expect(await at('cli', NOW)).toBe('2026-11-22T10:00:00.000Z');
  expect(await at('reader', NOW - 60_000)).toBe('2026-11-22T10:00:00.001Z');
  expect(await at('cli', NOW + 5)).toBe('2026-11-22T10:00:00.005Z');
});

test('whoever is overtaken decides anew: of twenty at a time, each name gets through once', async () => {
  const files = createVolatileDisk().mount();
  const names = Array.from({ length: 20 }, (_, n) => `key-${n % 10}`);
  const tries = await Promise.allSettled(
    names.map((name) => appendControl({ folder: FOLDER, writer: 'cli', files, decide: revokeOnce(name) })),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect(await revokedIn(files)).toEqual([...new Set(names)].sort());
});

test('a record that is wrong is refused, and nothing lies on disk', async () => {
  const files = createVolatileDisk().mount();
  const decide = (): NewRecord[] => [revoke('a'), revoke('')];
  await expect(appendControl({ folder: FOLDER, writer: 'cli', files, decide })).rejects.toThrow('key must be a text');
  expect(await files.list(`${FOLDER}/cli`)).toEqual([]);
});

describe('a power cut', () => {
  test('takes nothing of what was said to be done', async () => {
    const disk = createVolatileDisk();
    await appendControl({
      folder: FOLDER,
      writer: 'cli',
      files: disk.mount(),
      decide: () => [revoke('a'), revoke('b')],
    });
    disk.crash();
    expect(await revokedIn(disk.mount())).toEqual(['a', 'b']);
  });

  test('at any operation leaves all of a decision or nothing, and the next one succeeds', async () => {
    const decide = (): NewRecord[] => [revoke('a'), revoke('b')];
    let cutAt = 0;
    for (let cut = true; cut; cutAt++) {
      let operations = 0;
      cut = false;
      const disk = createVolatileDisk(() => {
        if (operations++ === cutAt) {
          cut = true;
          disk.crash();
        }
        return undefined;
      });
      const done = await appendControl({ folder: FOLDER, writer: 'cli', files: disk.mount(), decide }).then(
        () => true,
        () => false,
      );
      operations = Number.MIN_SAFE_INTEGER;
      disk.crash();
      const files = disk.mount();
      const left = await revokedIn(files);
      expect([[], ['a', 'b']]).toContainEqual(left);
      if (done) expect(left).toEqual(['a', 'b']);
      await appendControl({ folder: FOLDER, writer: 'cli', files, decide: () => [revoke('c')] });
      expect(await revokedIn(files)).toEqual([...left, 'c']);
    }
    expect(cutAt).toBeGreaterThan(10);
  });
});

test('a disk that refuses is told, and nothing half lies there', async () => {
  for (const operation of ['datasync', 'link', 'append', 'create'] as const) {
    const disk = createVolatileDisk((each) => (each === operation ? { code: 'EIO' } : undefined));
    const files = disk.mount();
    const append = appendControl({ folder: FOLDER, writer: 'cli', files, decide: () => [revoke('a')] });
    await expect(append).rejects.toMatchObject({ code: 'EIO' });
    expect(await files.list(`${FOLDER}/cli`)).toEqual([]);
  }
});

test('on a real disk, forty at once all succeed, and drafts are cleared away', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-control-'));
  try {
    const names = Array.from({ length: 40 }, (_, n) => `key-${n}`);
    await Promise.all(names.map((name) => appendControl({ folder, writer: 'cli', decide: revokeOnce(name) })));
    expect(await revokedIn(diskFiles, folder)).toEqual(names.sort());
    expect((await readdir(join(folder, 'cli'))).filter((name) => !name.endsWith('.log'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
