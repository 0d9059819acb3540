import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRecords, loadChunkOf } from './load-chunk.ts';
import { openLog } from './log/append.ts';
import { readLog } from './log/read.ts';

it('gives each record the offset of its line, bad lines and chunk borders counted in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ text: fc.string({ maxLength: 40 }), bad: fc.boolean() }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 400 }),
      async (lines, maxChunkBytes) => {
        const folder = await mkdtemp(join(tmpdir(), 'parcours-chunk-'));
        try {
          const log = await openLog({ folder });
          for (const { text } of lines) await log.append(JSON.stringify({ text }));
          await log.close();
          const path = join(folder, (await readdir(folder)).find((name) => name.endsWith('.log'))!);
          const bytes = await readFile(path);
          const starts = [0, ...[...bytes].flatMap((byte, at) => (byte === 10 ? [at + 1] : []))].slice(0, -1);
          lines.forEach(({ bad }, index) => {
            if (bad) bytes[starts[index]!] = 'z'.charCodeAt(0);
          });
          await writeFile(path, bytes);
          const found: [number, string][] = [];
          for await (const chunk of readLog({ folder, maxChunkBytes })) {
            const { offsets, records } = loadChunkOf(chunk);
            for (const [index, record] of records.entries())
              found.push([offsets[index]!, Buffer.from(record).toString()]);
          }
          const good = lines.flatMap(({ text, bad }, index) =>
            bad ? [] : [[starts[index], JSON.stringify({ text })] as const],
          );
          expect(found).toEqual(good);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: 60 },
  );
});

it('decodes what is JSON and leaves out what is not', () => {
  expect(decodeRecords([Buffer.from('{"v":1}'), Buffer.from('nonsense')])).toEqual([{ v: 1 }]);
});
