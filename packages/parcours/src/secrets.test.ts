import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSecrets } from './secrets.ts';

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
  expect(new Set(Object.values(first.secrets)).size).toBe(3);
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
