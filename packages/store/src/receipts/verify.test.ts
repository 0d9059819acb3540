import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeLine } from '../log/line.ts';
import { signingKeyOf } from './keys.ts';
import { openReceipts } from './open.ts';
import type { NewReceipt, Receipt } from './receipt.ts';
import { testReceipt } from './testing.ts';
import { type Verified, verifyReceipts } from './verify.ts';

const KEY = signingKeyOf(new Uint8Array(32).fill(3));
const PUBLIC = createPublicKey(KEY);
const OTHER = createPublicKey(signingKeyOf(new Uint8Array(32).fill(4)));
const WRITER = 'collector-0';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parcours-receipts-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Appends receipts in runs: each run is a start of its own, so a segment of its own. */
async function write(runs: readonly (readonly NewReceipt[])[], writer = WRITER): Promise<string> {
  let head: string | null = null;
  for (const run of runs) {
    const receipts = await openReceipts({ folder: join(root, writer), signingKey: KEY });
    for (const receipt of run) await receipts.append(receipt);
    head = receipts.stats().head;
    await receipts.close();
  }
  return head as string;
}
const numbers = (from: number, to: number): NewReceipt[] =>
  Array.from({ length: to - from + 1 }, (_, index) => testReceipt(from + index));

async function segments(writer = WRITER): Promise<string[]> {
  return (await readdir(join(root, writer))).filter((name) => name.endsWith('.log')).sort();
}
const pathOf = async (index: number): Promise<string> => join(root, WRITER, (await segments())[index] as string);

/** Rewrites a segment by its lines, with right checksums. */
async function edit(index: number, change: (records: Receipt[]) => readonly object[]): Promise<void> {
  const path = await pathOf(index);
  const records = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line.slice(9)) as Receipt);
  await writeFile(path, Buffer.concat(change(records).map((record) => encodeLine(JSON.stringify(record)))));
}

const verify = (heads: Record<string, string> = {}, keys: readonly KeyObject[] = [PUBLIC]): Promise<Verified> =>
  verifyReceipts(root, keys, { heads });
const faults = async (heads: Record<string, string> = {}) =>
  (await verify(heads)).faults.map(({ fault, receipt_id }) => [fault, receipt_id]);
const id = (n: number): string => testReceipt(n).receipt_id;

test('chains that nobody touched have no fault, over starts and writers', async () => {
  const head = await write([numbers(1, 3), [], numbers(4, 5)]);
  const other = await write([numbers(6, 6)], 'collector-1');
  const verified = await verify({ [WRITER]: head, 'collector-1': other });
  expect(verified).toEqual({
    receipts: 6,
    faults: [],
    faultCount: 0,
    chains: [
      {
        writer: WRITER,
        receipts: 5,
        unacknowledged: 0,
        head,
        first: testReceipt(1).received_at,
        last: testReceipt(5).received_at,
      },
      {
        writer: 'collector-1',
        receipts: 1,
        unacknowledged: 0,
        head: other,
        first: testReceipt(6).received_at,
        last: testReceipt(6).received_at,
      },
    ],
  });
});

test('nothing at all has no fault, but where a head says that there was something', async () => {
  expect(await verify()).toEqual({ receipts: 0, chains: [], faults: [], faultCount: 0 });
  expect(await faults({ [WRITER]: 'x' })).toEqual([['head', undefined]]);
});

test('whatever byte is altered, it is found', async () => {
  const head = await write([numbers(1, 1), numbers(2, 2)]);
  const heads = { [WRITER]: head };
  const path = await pathOf(0);
  const whole = await readFile(path);
  for (let at = 0; at < whole.length; at++) {
    const altered = Buffer.from(whole);
    altered[at] = (altered[at] as number) ^ 1;
    await writeFile(path, altered);
    expect((await verify(heads)).faultCount, `byte ${at}`).toBeGreaterThan(0);
  }
  await writeFile(path, whole);
  expect((await verify(heads)).faultCount).toBe(0);
}, 60_000);

test('whatever letter of a record is altered and its checksum made right, that record alone is named', async () => {
  await write([numbers(1, 3)]);
  const path = await pathOf(0);
  const whole = await readFile(path, 'utf8');
  const lines = whole.trimEnd().split('\n');
  const json = (lines[1] as string).slice(9);
  let tried = 0;
  for (let at = 0; at < json.length; at++) {
    const letter = json[at] === 'A' ? 'B' : 'A';
    const altered = json.slice(0, at) + letter + json.slice(at + 1);
    if (!isJson(altered)) continue;
    tried += 1;
    await writeFile(path, Buffer.concat([lines[0]!.slice(9), altered, lines[2]!.slice(9)].map(encodeLine)));
    const {
      faultCount,
      faults: [fault],
    } = await verify();
    expect([faultCount, fault?.offset], altered).toEqual([1, (lines[0] as string).length + 1]);
  }
  expect(tried).toBeGreaterThan(400);
}, 60_000);

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('tells what was done, and where', () => {
  beforeEach(() => write([numbers(1, 4), numbers(5, 6)]));

  test('an altered field, with its writer, segment and offset', async () => {
    await edit(0, (records) => records.map((each, n) => (n === 1 ? { ...each, site: 'other' } : each)));
    const path = await pathOf(0);
    const offset = (await readFile(path, 'utf8')).indexOf('\n') + 1;
    expect((await verify()).faults).toEqual([
      {
        writer: WRITER,
        segment: Number((await segments())[0]?.slice(0, 15)),
        offset,
        receipt_id: id(2),
        fault: 'signature',
      },
    ]);
  });
  test('a field more', async () => {
    await edit(0, (records) => records.map((each, n) => (n === 1 ? { ...each, note: '' } : each)));
    expect(await faults()).toEqual([['signature', id(2)]]);
  });
  test('a signature of another record', async () => {
    await edit(0, (records) =>
      records.map((each, n) => (n === 1 ? { ...each, signature: records[0]!.signature } : each)),
    );
    expect(await faults()).toEqual([['signature', id(2)]]);
  });
  test('a removed record', async () => {
    await edit(0, (records) => records.filter((_, n) => n !== 1));
    expect(await faults()).toEqual([['gap', id(3)]]);
  });
  test('the first record removed', async () => {
    await edit(0, (records) => records.slice(1));
    expect(await faults()).toEqual([['gap', id(2)]]);
  });
  test('the last record of a segment that is not the last', async () => {
    await edit(0, (records) => records.slice(0, -1));
    expect(await faults()).toEqual([['gap', id(5)]]);
  });
  test('a whole segment', async () => {
    await rm(await pathOf(0));
    expect(await faults()).toEqual([['gap', id(5)]]);
  });
  test('two records swapped', async () => {
    await edit(0, ([a, b, c, d]) => [a!, c!, b!, d!]);
    expect(await faults()).toEqual([
      ['order', id(3)],
      ['order', id(2)],
      ['order', id(4)],
    ]);
  });
  test('a record told twice', async () => {
    await edit(0, ([a, b, c, d]) => [a!, b!, b!, c!, d!]);
    expect(await faults()).toEqual([['order', id(2)]]);
  });
  test('a whole segment told twice', async () => {
    const copy = await readFile(await pathOf(1));
    await writeFile(join(root, WRITER, '999999999999999.log'), copy);
    expect(await faults()).toEqual(
      [
        ['order', id(5)],
        ['order', id(6)],
      ].slice(0, 1),
    );
  });
  test('a line that is no receipt', async () => {
    await edit(0, (records) => [records[0]!, { v: 1, kind: 'batch' }, ...records.slice(1)]);
    expect(await faults()).toEqual([['not_a_receipt', undefined]]);
  });
  test('a record of another writer', async () => {
    await write([numbers(7, 8)], 'collector-1');
    const other = await readFile(join(root, 'collector-1', (await segments('collector-1'))[0] as string));
    await writeFile(await pathOf(1), Buffer.concat([await readFile(await pathOf(1)), other]));
    expect(await faults()).toEqual([['gap', id(7)]]);
  });
  test('an end cut off, where a head is given', async () => {
    const { chains } = await verify();
    const heads = { [WRITER]: chains[0]!.head as string };
    await edit(1, (records) => records.slice(0, -1));
    expect(await faults()).toEqual([]);
    expect(await faults(heads)).toEqual([['head', undefined]]);
    // Longer than the head is no fault.
    await write([numbers(7, 9)]);
    expect(await faults({ [WRITER]: (await verify()).chains[0]!.head as string })).toEqual([]);
  });
  test('keys that did not sign it', async () => {
    expect(await verify({}, [OTHER])).toMatchObject({ faultCount: 6, faults: Array(6).fill({ fault: 'signature' }) });
    expect(await verify({}, [])).toMatchObject({ faultCount: 6 });
    expect(await verify({}, [OTHER, PUBLIC])).toMatchObject({ receipts: 6, faultCount: 0 });
  });
  test('no more faults than asked for, and all counted', async () => {
    const verified = await verifyReceipts(root, [OTHER], { maxFaults: 2 });
    expect([verified.faults.length, verified.faultCount]).toEqual([2, 6]);
  });
});
