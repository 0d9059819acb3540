import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRunFile, removeRunFile, writeRunFile } from './run_file.ts';

it('tells what runs, and nothing of a process that is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-run-'));
  const path = join(folder, 'run.json');
  const addresses = { collector: 'http://localhost:1', console: 'http://localhost:2' };
  expect(await readRunFile(path)).toBeUndefined();
  await writeRunFile(path, { pid: process.pid, ...addresses });
  expect(await readRunFile(path)).toEqual({ pid: process.pid, ...addresses });
  // Above the largest process id that Linux gives.
  await writeRunFile(path, { pid: 4_194_305, ...addresses });
  expect(await readRunFile(path)).toBeUndefined();
  await removeRunFile(path);
  await rm(folder, { recursive: true });
});
