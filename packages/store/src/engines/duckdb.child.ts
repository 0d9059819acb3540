import { join } from 'node:path';
import { openDuckDb } from './duckdb.ts';
import { exampleChunk, exampleEvent, exampleRecord } from './example-chunks.ts';

/** Loads ten events after ten, each chunk a segment of its own, telling each, until it is killed: for the contract's test. */
const folder = process.argv[2]!;
const engine = await openDuckDb({ path: join(folder, 'test.duckdb'), folder, threads: 2 });
for (let n = 1; ; n++) {
  const events = Array.from({ length: 10 }, (_, index) => exampleEvent(n * 10 + index));
  await engine.load(exampleChunk([exampleRecord(events)], { segment: n }));
  process.send?.(n);
}
