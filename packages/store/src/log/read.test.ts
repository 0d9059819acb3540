import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from './append.ts';
import { diskFiles } from './disk.ts';
import type { LogFiles } from './files.ts';
import { encodeLine, MAX_LINE_BYTES } from './line.ts';
import { type LogChunk, type ReadOptions, readLog } from './read.ts';
import { segmentPath } from './segment.ts';
import { createVolatileDisk } from './volatile.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parcours-log-'));
  folder = join(root, 'collector-0');
  await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true }));

const lines = (...texts: string[]): Buffer => Buffer.concat(texts.map(encodeLine));
const write = (segment: number, bytes: Uint8Array): Promise<void> => writeFile(segmentPath(folder, segment), bytes);
const textsOf = ({ records }: LogChunk): string[] => records.map((json) => Buffer.from(json).toString());

async function read(options: Partial<ReadOptions> = {}): Promise<LogChunk[]> {
  const chunks: LogChunk[] = [];
  for await (const chunk of readLog({ folder, ...options })) chunks.push(chunk);
  return chunks;
}

test('a folder that is not there or holds no segment is an empty log', async () => {
  await writeFile(join(folder, 'loaded.json'), '{}');
  expect(await read()).toEqual([]);
  expect(await read({ folder: join(root, 'collector-1') })).toEqual([]);
});

test('segments are read in order, each chunk saying where it lies', async () => {
  await write(20, lines('"c"'));
  await write(3, lines('"a"', '"b"'));
  const chunks = await read();
  expect(chunks).toMatchObject([
    { log: 'collector-0', segment: 3, startOffset: 0, endOffset: 26, bad: [] },
    { log: 'collector-0', segment: 20, startOffset: 0, endOffset: 13, bad: [] },
  ]);
  expect(chunks.map(textsOf)).toEqual([['"a"', '"b"'], ['"c"']]);
});

test('a long chunk lets others have their turn between the lines', async () => {
  const bytes = Buffer.concat(Array.from({ length: 80 }, () => encodeLine(JSON.stringify('x'.repeat(100_000)))));
  await write(1, bytes);
  let turns = 0;
  let isCutting = false;
  const takeTurn = (): void => {
    turns += 1;
    if (isCutting) setImmediate(takeTurn);
  };
  const reader = {
    size: async () => bytes.length,
    // From here on nothing waits for a disk.
    read: async () => {
      isCutting = true;
      setImmediate(takeTurn);
      return bytes;
    },
    close: async () => {},
  };
  for await (const { records } of readLog({ folder, files: { ...diskFiles, open: async () => reader } })) {
    isCutting = false;
    expect(records).toHaveLength(80);
  }
  expect(turns).toBeGreaterThan(6);
});

test('reading goes on from a position, and from the next segment where that one is gone or was cut by a power loss', async () => {
  await write(3, lines('"a"', '"b"'));
  await write(20, lines('"c"'));
  expect((await read({ from: { segment: 3, offset: 13 } })).flatMap(textsOf)).toEqual(['"b"', '"c"']);
  expect((await read({ from: { segment: 3, offset: 500 } })).flatMap(textsOf)).toEqual(['"c"']);
  expect((await read({ from: { segment: 4, offset: 7 } })).flatMap(textsOf)).toEqual(['"c"']);
  expect(await read({ from: { segment: 20, offset: 13 } })).toEqual([]);
});

test('a tail without LF waits in the newest segment until it is complete', async () => {
  const whole = lines('"a"', '"b"');
  await write(1, whole.subarray(0, 20));
  const [first] = await read();
  expect(first).toMatchObject({ endOffset: 13, bad: [] });
  await appendFile(segmentPath(folder, 1), whole.subarray(20));
  expect((await read({ from: { segment: 1, offset: 13 } })).flatMap(textsOf)).toEqual(['"b"']);
});

test('a tail without LF in an older segment is passed over', async () => {
  await write(1, lines('"a"', '"b"').subarray(0, 20));
  await write(2, lines('"c"'));
  const chunks = await read();
  expect(chunks.flatMap(textsOf)).toEqual(['"a"', '"c"']);
  expect(chunks.flatMap(({ bad }) => bad)).toEqual([]);
});

test('flipped bytes set one line aside and no other', async () => {
  const bytes = lines('"a"', '"b"', '"c"');
  bytes.writeUInt8(bytes.readUInt8(23) ^ 0x01, 23);
  bytes[26] = 0x7a;
  await write(1, Buffer.concat([bytes, Buffer.from('\n\0\0\0\n'), lines('"d"')]));
  const [chunk] = await read();
  expect(textsOf(chunk!)).toEqual(['"a"', '"d"']);
  expect(chunk?.bad).toEqual([
    { offset: 13, length: 13, reason: 'checksum' },
    { offset: 26, length: 13, reason: 'shape' },
    { offset: 39, length: 1, reason: 'shape' },
    { offset: 40, length: 4, reason: 'shape' },
  ]);
  expect(chunk?.endOffset).toBe(57);
});

test('a segment cut short gives what is whole', async () => {
  await write(1, lines('"a"', '"b"'));
  await truncate(segmentPath(folder, 1), 25);
  expect((await read()).flatMap(textsOf)).toEqual(['"a"']);
});

test('the zeros that a power loss may leave at an end are passed over', async () => {
  await write(1, Buffer.concat([lines('"a"'), Buffer.alloc(10_000)]));
  await write(2, lines('"b"'));
  expect((await read({ maxChunkBytes: 512 })).flatMap(textsOf)).toEqual(['"a"', '"b"']);
});

test('records are the same whatever the size of a chunk, which only a longer line exceeds, by twice its length at most', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(texts, fc.nat(400), async (values, maxChunkBytes) => {
      const all = values.map((value) => JSON.stringify(value));
      await write(1, lines(...all));
      const chunks = await read({ maxChunkBytes });
      expect(chunks.flatMap(textsOf)).toEqual(all);
      const longest = Math.max(...all.map((json) => encodeLine(json).length));
      let at = 0;
      for (const { startOffset, endOffset } of chunks) {
        expect(startOffset).toBe(at);
        expect(endOffset - startOffset).toBeLessThanOrEqual(Math.max(maxChunkBytes, 2 * longest));
        at = endOffset;
      }
    }),
    { numRuns: 100 },
  );
});

test('a line longer than any record is set aside without being held, and reading goes on', async () => {
  const length = MAX_LINE_BYTES + 3_000_000;
  const bytes = Buffer.alloc(length, 'x');
  bytes[length - 1] = 0x0a;
  await write(1, Buffer.concat([lines('"a"'), bytes, lines('"b"')]));
  const chunks = await read({ maxChunkBytes: 1_000_000 });
  expect(chunks.flatMap(textsOf)).toEqual(['"a"', '"b"']);
  expect(chunks.flatMap(({ bad }) => bad)).toEqual([{ offset: 13, length, reason: 'too_long' }]);
});

test('a line longer than any record that has no end yet is left', async () => {
  await write(1, Buffer.concat([lines('"a"'), Buffer.alloc(MAX_LINE_BYTES + 1_000, 'x')]));
  expect((await read({ maxChunkBytes: 1_000_000 })).flatMap(textsOf)).toEqual(['"a"']);
});

test('a reader follows a live writer through its segments and misses nothing', async () => {
  const log = await openLog({ folder, maxSegmentBytes: 20_000 });
  const total = 3_000;
  let appended = 0;
  const writing = (async () => {
    while (appended < total) {
      await Promise.all(
        Array.from({ length: 30 }, () => log.append(JSON.stringify({ n: appended++, pad: 'é'.repeat(appended % 90) }))),
      );
    }
  })();
  const found: number[] = [];
  let from = { segment: 0, offset: 0 };
  let passes = 0;
  while (found.length < total) {
    for await (const chunk of readLog({ folder, from, maxChunkBytes: 4_096 })) {
      expect(chunk.bad).toEqual([]);
      for (const text of textsOf(chunk)) found.push((JSON.parse(text) as { n: number }).n);
      from = { segment: chunk.segment, offset: chunk.endOffset };
    }
    passes += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  await log.close();
  expect(found).toEqual(Array.from({ length: total }, (_, n) => n));
  expect(passes).toBeGreaterThan(1);
  expect(await read({ from })).toEqual([]);
});

test('what comes after the list was taken is left for the next call, whichever segment it is in', async () => {
  const disk = createVolatileDisk();
  const files = disk.mount();
  const log = await openLog({ folder: '/log/a', files, maxSegmentBytes: 10, now: () => 1 });
  await log.append('"a"');
  const found: string[] = [];
  for await (const chunk of readLog({ folder: '/log/a', files })) {
    found.push(...textsOf(chunk));
    await log.append('"b"');
  }
  expect(found).toEqual(['"a"']);
});

test('a reader that stops early, or meets an error, gives its file back', async () => {
  await write(1, lines('"a"', '"b"', '"c"'));
  let open = 0;
  const counting: LogFiles = {
    ...diskFiles,
    async open(path) {
      const file = await diskFiles.open(path);
      open += 1;
      return { ...file, close: () => file.close().finally(() => open--) };
    },
  };
  for await (const chunk of readLog({ folder, maxChunkBytes: 13, files: counting })) {
    expect(chunk.records).toHaveLength(1);
    expect(open).toBe(1);
    break;
  }
  expect(open).toBe(0);
  const failing: LogFiles = {
    ...counting,
    open: async (path) => ({ ...(await counting.open(path)), read: () => Promise.reject(new Error('EIO')) }),
  };
  await expect(read({ files: failing })).rejects.toThrow('EIO');
  expect(open).toBe(0);
});
