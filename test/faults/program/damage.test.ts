import { appendFile, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anEvent, postEvents } from '../../support/batch.ts';
import { until } from '../../support/processes.ts';
import { askProgram } from '../../support/program.ts';
import { createRandom, testSeed } from '../../support/random.ts';
import { startLoad } from './load.ts';
import { judgeRows, type Served, serveProgram, verifyReceipts } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serveProgram();
});
afterEach(() => served?.stop());

const folderOf = (kind: 'log' | 'receipts' | 'control'): string => join(served.data, kind, 'collector-0');

async function newestSegment(kind: 'log' | 'receipts' | 'control'): Promise<string> {
  const names = (await readdir(folderOf(kind))).filter((name) => name.endsWith('.log')).sort();
  return join(folderOf(kind), names.at(-1) as string);
}

/** Sends events in batches of one, each a line of the log, and returns their ids once all are answered. */
async function sendEach(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const event = anEvent();
    expect((await postEvents(served.collector, [event])).status).toBe(200);
    ids.push(event.event_id);
  }
  return ids;
}

async function rowsOf(ids: readonly string[]): Promise<readonly string[]> {
  const asked = await askProgram('SELECT event_id FROM events', { data: served.data, maxRows: 100_000 });
  const known = new Set(asked.map(({ event_id }) => event_id));
  return ids.filter((id) => known.has(id));
}

const allRows = (ids: readonly string[]): Promise<void> =>
  until(async () => (await rowsOf(ids)).length === ids.length, 'every event is a row');

test('half a record at the end of each log, as a crash leaves it: it starts by itself, and nothing is lost', async () => {
  const before = await sendEach(5);
  served.kill('all');
  for (const kind of ['log', 'receipts'] as const) {
    const segment = await newestSegment(kind);
    const whole = await readFile(segment);
    // A record that was being written, up to any byte of it.
    await appendFile(segment, whole.subarray(0, Math.floor(whole.indexOf(10) * 0.7)));
  }
  await served.startAgain();
  const after = await sendEach(5);
  await allRows([...before, ...after]);
  expect(await verifyReceipts(served)).toMatchObject({ code: 0 });
});

test('a log cut off in a record: what is left is loaded, what is sent again is stored again, and it goes on by itself', async () => {
  served.kill('reader');
  const before = await sendEach(5);
  served.kill('all');
  const segment = await newestSegment('log');
  await truncate(segment, (await stat(segment)).size - 10);
  await served.startAgain();
  const again = anEvent({ event_id: before.at(-1) as string });
  expect((await postEvents(served.collector, [again])).status).toBe(200);
  await allRows([...before, ...(await sendEach(3))]);
});

test('a flipped byte in the log: its record is set aside and told, all others are loaded', async () => {
  const before = await sendEach(5);
  await allRows(before);
  served.kill('all');
  const segment = await newestSegment('log');
  const lines = (await readFile(segment, 'latin1')).split('\n');
  const flipped = lines.slice(0, 2).join('\n').length + 60;
  const file = await open(segment, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, flipped);
  await file.write(Buffer.from([buffer[0]! ^ 1]), 0, 1, flipped);
  await file.close();
  // Loaded anew from its start, so that the flipped byte is read.
  await writeFile(join(served.data, 'store', 'parcours.duckdb'), 'not a database');
  await served.startAgain();
  const after = await sendEach(3);
  await allRows([...before.filter((_, n) => n !== 2), ...after]);
  expect(await rowsOf([before[2] as string])).toEqual([]);
  await until(() => /a bad line of the log/.test(served.output()), 'it is told');
});

test('a database that cannot be opened: made again by itself while events are taken, and not one is missing', async () => {
  const load = startLoad({ collector: served.collector, random: createRandom(testSeed()), senders: 3, pauseMs: 10 });
  try {
    await load.nextPromise();
    await until(async () => (await askProgram('SELECT 1 FROM events', { data: served.data })).length > 50, 'rows');
    served.kill('reader');
    await writeFile(join(served.data, 'store', 'parcours.duckdb'), Buffer.alloc(100_000, 7));
    await until(async () => {
      const rows = await askProgram('SELECT 1 FROM events', { data: served.data }).catch(() => []);
      return rows.length > 50;
    }, 'rows again');
    await load.stop();
    expect(await judgeRows(served, load)).toMatchObject({ lost: [], twice: [] });
    expect([...load.answers.keys()]).toEqual([200]);
    const store = await readdir(join(served.data, 'store'));
    expect(store.filter((name) => name.endsWith('.broken'))).toHaveLength(1);
  } finally {
    await load.stop();
  }
});
