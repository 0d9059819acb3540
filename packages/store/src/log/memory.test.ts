import { expect, test } from 'vitest';
import { createMemoryLog } from './memory.ts';
import type { LogRecord } from './record.ts';

const record = (n: number, bytes = 20): string => JSON.stringify({ n, pad: 'x'.repeat(bytes) });
const numbers = (records: readonly LogRecord[]): unknown[] =>
  records.map((each) => (each as unknown as { n: number }).n);

test('a thousand concurrent appends lie, and are told, in the order of the calls', async () => {
  const told: LogRecord[] = [];
  const log = createMemoryLog({ onAppend: (each) => told.push(each) });
  let groups = 0;
  log.onGroup(({ records }) => {
    groups += records;
  });
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => log.append(record(n))));
  const inOrder = Array.from({ length: 1_000 }, (_, n) => n);
  expect(numbers(log.records())).toEqual(inOrder);
  expect(numbers(told)).toEqual(inOrder);
  expect(groups).toBe(1_000);
  expect(log.stats()).toMatchObject({ records: 1_000, writable: true, pendingBytes: 0 });
});

test('a full log refuses what comes, keeps what it has, and is not ready', async () => {
  const bytes = record(1).length;
  const log = createMemoryLog({ maxBytes: 2 * bytes });
  await log.append(record(1));
  expect(await log.probe()).toBe(true);
  await log.append(record(2));
  await expect(log.append(record(3))).rejects.toMatchObject({ name: 'LogError', code: 'overloaded' });
  expect(numbers(log.records())).toEqual([1, 2]);
  expect(log.held()).toEqual({ bytes: 2 * bytes, maxBytes: 2 * bytes });
  expect(log.stats().writable).toBe(false);
  expect(await log.probe()).toBe(false);
});

test('bytes are counted, not characters', async () => {
  const log = createMemoryLog({ maxBytes: 20 });
  await expect(log.append(JSON.stringify({ text: 'é'.repeat(8) }))).rejects.toMatchObject({ code: 'overloaded' });
});

test('a closed log takes nothing', async () => {
  const log = createMemoryLog();
  await log.append(record(1));
  await log.close();
  await expect(log.append(record(2))).rejects.toMatchObject({ name: 'LogError', code: 'closed' });
  expect(await log.probe()).toBe(false);
});

test.each(['', '{\n}', `"${'x'.repeat(8 * 1024 * 1024)}"`])('what is no record is refused as on disk', async (text) => {
  await expect(createMemoryLog().append(text)).rejects.toThrow(RangeError);
});
