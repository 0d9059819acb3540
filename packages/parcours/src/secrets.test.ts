import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSecrets, readSecrets } from './secrets.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-secrets-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('makes them once, for their owner alone', async () => {
  const path = join(folder, 'data', 'secrets.json');
  const first = await openSecrets(path);
  expect(first.isNew).toBe(true);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await openSecrets(path)).toEqual({ secrets: first.secrets, isNew: false });
  expect(new Set(Object.values(first.secrets)).size).toBe(4);
});

it.each(['', '{}', '{"cookie":"short","join":"x","admin":"y"}'])(
  'never replaces a file it cannot use: %j',
  async (text) => {
    const path = join(folder, 'broken.json');
    await writeFile(path, text);
    await expect(openSecrets(path)).rejects.toThrow(/restore/);
    expect(await readFile(path, 'utf8')).toBe(text);
  },
);

it('gives a file of before a pepper, the same to whoever meets it first, and leaves all else', async () => {
  const path = join(folder, 'older.json');
  const older = { cookie: 'c'.repeat(43), join: 'j'.repeat(43), admin: 'a'.repeat(43), of_a_newer_version: 1 };
  await writeFile(path, JSON.stringify(older), { mode: 0o600 });
  const { pepper } = await readSecrets(path);
  expect(pepper).toMatch(/^[\w-]{43}$/);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(older);
  const opened = await Promise.all(Array.from({ length: 5 }, () => openSecrets(path)));
  for (const { secrets, isNew } of opened) expect([secrets, isNew]).toEqual([{ ...older, pepper }, false]);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...older, pepper });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});
