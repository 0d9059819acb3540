import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeOldSegments } from './retention.ts';
import { segmentName, segmentPath } from './segment.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-log-'));
  for (const segment of [100, 200, 300, 400]) await writeFile(segmentPath(folder, segment), '');
  await writeFile(join(folder, 'loaded.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true }));

const remove = (olderThan: number, segment: number, offset = 0) =>
  removeOldSegments({ folder, olderThan, confirmed: { log: basename(folder), segment, offset } });
const left = async () => (await readdir(folder)).filter((name) => name.endsWith('.log'));

test('old and loaded segments go, oldest first; other files stay', async () => {
  expect(await remove(1_000, 300)).toEqual([segmentName(100), segmentName(200)]);
  expect(await readdir(folder)).toEqual([segmentName(300), segmentName(400), 'loaded.json']);
});

test('nothing goes that the loader has not confirmed, however old', async () => {
  expect(await remove(1_000, 100, 5_000)).toEqual([]);
  expect(await left()).toHaveLength(4);
});

test('the newest stays even if all is confirmed, since it may be open', async () => {
  await remove(1_000, 999);
  expect(await left()).toEqual([segmentName(400)]);
});

test('a segment is as old as its last record can be: as its successor', async () => {
  expect(await remove(200, 400)).toEqual([segmentName(100)]);
  expect(await remove(299, 400)).toEqual([]);
  expect(await remove(300, 400)).toEqual([segmentName(200)]);
});

test('the newest of a log that nobody writes any more goes once it is an hour older, and loaded to its last byte', async () => {
  await writeFile(segmentPath(folder, 400), 'twelve bytes');
  const finished = (olderThan: number, offset: number) =>
    removeOldSegments({
      folder,
      olderThan,
      confirmed: { log: basename(folder), segment: 400, offset },
      isFinished: true,
    });
  expect(await finished(3_600_399, 12)).toHaveLength(3);
  expect(await finished(3_600_400, 11)).toEqual([]);
  expect(await left()).toEqual([segmentName(400)]);
  expect(await finished(3_600_400, 12)).toEqual([segmentName(400)]);
});

test("another log's position is refused", async () => {
  const confirmed = { log: 'collector-9', segment: 999, offset: 0 };
  await expect(removeOldSegments({ folder, olderThan: 1_000, confirmed })).rejects.toThrow(TypeError);
  expect(await left()).toHaveLength(4);
});
