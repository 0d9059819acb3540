import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfirmed, writeConfirmed } from './confirm.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the last position written is the one read', async () => {
  await writeConfirmed(folder, { segment: 1, offset: 2 });
  await writeConfirmed(folder, { segment: 1_795_000_000_000, offset: 4 });
  expect(await readConfirmed(folder)).toEqual({ segment: 1_795_000_000_000, offset: 4 });
  expect(await readdir(folder)).toEqual(['loaded.json']);
});

test('a reader meets the old position or the new one, never a part', async () => {
  await writeConfirmed(folder, { segment: 0, offset: 0 });
  const writing = (async () => {
    for (let n = 1; n <= 300; n++) await writeConfirmed(folder, { segment: n, offset: n });
  })();
  let last = 0;
  while (last < 300) {
    const position = await readConfirmed(folder);
    expect(position?.offset).toBe(position?.segment);
    expect(position?.segment).toBeGreaterThanOrEqual(last);
    last = position?.segment ?? last;
  }
  await writing;
});

test.each([
  '',
  '{"segment":1',
  '{"segment":1}',
  '{"segment":-1,"offset":0}',
  '{"segment":1,"offset":0.5}',
  'null',
  '[]',
])('a torn or foreign file confirms nothing: %j', async (text) => {
  await writeFile(join(folder, 'loaded.json'), text);
  expect(await readConfirmed(folder)).toBeUndefined();
});

test('a missing file or folder confirms nothing', async () => {
  expect(await readConfirmed(folder)).toBeUndefined();
  expect(await readConfirmed(join(folder, 'none'))).toBeUndefined();
});
