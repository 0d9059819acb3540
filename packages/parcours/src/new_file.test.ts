import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeNewFile } from './new_file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-new-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('refuses a folder that is not there before it asks for content', async () => {
  let asked = false;
  const path = join(folder, 'none', 'a.csv');
  // Content that takes its time: an error meanwhile has nobody who listens.
  const written = writeNewFile(path, async () => {
    asked = true;
    await sleep(50);
  });
  await expect(written).rejects.toMatchObject({ name: 'BackupError', message: expect.stringContaining(path) });
  expect(asked).toBe(false);
});

it('leaves nothing where the content fails before the first byte', async () => {
  const written = writeNewFile(join(folder, 'a.csv'), () => Promise.reject(new Error('refused')));
  await expect(written).rejects.toThrow('refused');
  expect(await readdir(folder)).toEqual([]);
});
