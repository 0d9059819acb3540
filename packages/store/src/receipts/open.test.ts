import { createPublicKey } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { createVolatileDisk, type Fault, type Operation } from '../log/volatile.ts';
import { signingKeyOf } from './keys.ts';
import { type OpenReceiptsOptions, openReceipts } from './open.ts';
import { readChain, readReceipts } from './read.ts';
import type { Receipts } from './receipts.ts';
import { testReceipt } from './testing.ts';
import { verifyReceipts } from './verify.ts';

const KEY = signingKeyOf(new Uint8Array(32).fill(3));
const PUBLIC = createPublicKey(KEY);
const id = (n: number): string => testReceipt(n).receipt_id;

describe('on the disk', () => {
  let root: string;
  const opened: Receipts[] = [];
  const open = async (options: Partial<OpenReceiptsOptions> = {}): Promise<Receipts> => {
    const receipts = await openReceipts({ folder: join(root, 'collector-0'), signingKey: KEY, ...options });
    opened.push(receipts);
    return receipts;
  };
  const ids = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { receipt } of readReceipts(root)) found.push(receipt.receipt_id);
    return found;
  };
  const newest = async (): Promise<string> =>
    join(root, 'collector-0', (await readdir(join(root, 'collector-0'))).sort().at(-1) as string);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'parcours-receipts-'));
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((receipts) => receipts.close()));
    await rm(root, { recursive: true });
  });

  test('a receipt is on disk once its append resolves, in a file for its owner alone', async () => {
    const receipts = await open();
    await receipts.append(testReceipt(1));
    expect(await ids()).toEqual([id(1)]);
    expect((await stat(await newest())).mode & 0o077).toBe(0);
  });

  test('the chain goes on after a start, past a torn tail', async () => {
    const first = await open();
    await first.append(testReceipt(1));
    await first.append(testReceipt(2));
    const head = first.stats().head;
    await first.close();
    const torn = await newest();
    await appendFile(torn, (await readFile(torn)).subarray(0, 300));
    const second = await open();
    expect(second.stats().head).toBe(head);
    await second.append(testReceipt(3));
    await second.close();
    // One that only starts, and one whose newest file is empty.
    await (await open()).close();
    await writeFile(join(root, 'collector-0', '999999999999998.log'), '');
    const third = await open();
    await third.append(testReceipt(4));
    expect(await verifyReceipts(root, [PUBLIC])).toMatchObject({
      receipts: 4,
      faultCount: 0,
      chains: [{ unacknowledged: 0 }],
    });
  });

  test('a choice that is told again is one receipt, over a start too', async () => {
    const first = await open();
    await Promise.all([first.append(testReceipt(1)), first.append(testReceipt(1)), first.append(testReceipt(2))]);
    await first.append(testReceipt(1));
    expect(first.stats()).toMatchObject({ appended: 2, repeated: 2 });
    await first.close();
    const second = await open();
    await second.append({ ...testReceipt(2), received_at: '2026-11-23T10:00:00.000Z' });
    expect(second.stats()).toMatchObject({ appended: 0, repeated: 1 });
    expect(await ids()).toEqual([id(1), id(2)]);
  });

  test('all that wait share one write and one fdatasync', async () => {
    let syncs = 0;
    const files: LogFiles = {
      ...diskFiles,
      create: async (path) => {
        const file = await diskFiles.create(path);
        return {
          ...file,
          async datasync() {
            syncs += 1;
            await file.datasync();
          },
        };
      },
    };
    const receipts = await open({ files });
    await Promise.all(Array.from({ length: 150 }, (_, n) => receipts.append(testReceipt(n))));
    expect(syncs).toBe(1);
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => receipts.append(testReceipt(1_000 + n))));
    expect(syncs).toBeLessThan(8);
    expect(await verifyReceipts(root, [PUBLIC])).toMatchObject({ receipts: 1_150, faultCount: 0 });
  });

  test('segments are closed by size, and the chain runs through them', async () => {
    const receipts = await open({ maxSegmentBytes: 3_000 });
    for (let n = 0; n < 20; n++) await receipts.append(testReceipt(n));
    expect((await readdir(join(root, 'collector-0'))).length).toBeGreaterThan(4);
    expect(await verifyReceipts(root, [PUBLIC])).toMatchObject({ receipts: 20, faultCount: 0 });
  });

  test('refuses more than may wait, and what is not a receipt of ours costs no other', async () => {
    const receipts = await open({ maxWaiting: 2 });
    const all = [1, 2, 3].map((n) => receipts.append(testReceipt(n)));
    await expect(all[2]).rejects.toMatchObject({ name: 'LogError', code: 'overloaded' });
    await expect(receipts.append(testReceipt(4, { consent_string: 'x'.repeat(70_000) }))).rejects.toThrow();
    await Promise.all(all.slice(0, 2));
    await receipts.append(testReceipt(3));
    expect(await ids()).toEqual([id(1), id(2), id(3)]);
  });

  test('finds by site, subject, id and time', async () => {
    const receipts = await open();
    for (const n of [1, 2, 3]) await receipts.append(testReceipt(n, { site: n === 3 ? 'shop-be' : 'shop-fr' }));
    const found = async (filter: Parameters<typeof readReceipts>[1]): Promise<string[]> => {
      const list: string[] = [];
      for await (const { receipt } of readReceipts(root, filter)) list.push(receipt.receipt_id);
      return list;
    };
    const [first, second, third] = await ids();
    expect(await found({ site: 'shop-be' })).toEqual([third]);
    expect(await found({ subject: testReceipt(2).subject })).toEqual([second]);
    expect(await found({ receiptId: first })).toEqual([first]);
    expect(await found({ since: Date.parse(testReceipt(2).received_at) })).toEqual([second, third]);
    expect(await found({ until: Date.parse(testReceipt(2).received_at) })).toEqual([first]);
    expect(await found({ site: 'shop-fr', since: Date.parse(testReceipt(3).received_at) })).toEqual([]);
  });

  test('a folder that cannot be read stops the start', async () => {
    await writeFile(join(root, 'collector-0'), '');
    await expect(open()).rejects.toMatchObject({ name: 'LogError', code: 'unavailable' });
  });
});

describe('when the disk fails', () => {
  const FOLDER = '/data/receipts/collector-0';
  const faults: { operation: Operation; fault: Fault }[] = [];
  const disk = () =>
    createVolatileDisk((operation) => {
      if (faults[0]?.operation !== operation) return undefined;
      return faults.shift()?.fault;
    });
  const verified = (files: LogFiles) => verifyReceipts('/data/receipts', [PUBLIC], { files, writers: ['collector-0'] });
  const kept = async (files: LogFiles): Promise<(string | undefined)[]> => {
    const found: (string | undefined)[] = [];
    for await (const { receipt } of readChain(FOLDER, { files })) found.push(receipt?.receipt_id);
    return found;
  };

  test('a power cut takes nothing that was acknowledged', async () => {
    const volatile = disk();
    const receipts = await openReceipts({ folder: FOLDER, signingKey: KEY, files: volatile.mount() });
    await receipts.append(testReceipt(1));
    await receipts.append(testReceipt(2));
    volatile.crash();
    expect(await kept(volatile.mount())).toEqual([id(1), id(2)]);
  });

  test.each<[string, Operation, Fault]>([
    ['sync', 'datasync', { code: 'EIO' }],
    ['write', 'append', { code: 'EIO', written: 0 }],
    ['write that stops after the first record', 'append', { code: 'ENOSPC', written: 900 }],
    ['new segment', 'create', { code: 'ENOSPC' }],
  ])(
    'after a failed %s the group is refused, and the chain goes on from what was acknowledged',
    async (_, operation, fault) => {
      const volatile = disk();
      const receipts = await openReceipts({
        folder: FOLDER,
        signingKey: KEY,
        files: volatile.mount(),
        maxSegmentBytes: operation === 'create' ? 500 : 100_000,
      });
      await receipts.append(testReceipt(1));
      faults.push({ operation, fault });
      const group = [2, 3].map((n) => receipts.append(testReceipt(n)));
      for (const each of group) await expect(each).rejects.toMatchObject({ name: 'LogError', code: 'unavailable' });
      expect(receipts.stats()).toMatchObject({ appended: 1, failed: 2, writable: false });
      // Told again: it was refused, so it is written now.
      await receipts.append(testReceipt(2));
      await receipts.append(testReceipt(4));
      expect(receipts.stats()).toMatchObject({ appended: 3, writable: true });
      expect(await verified(volatile.mount())).toMatchObject({ faultCount: 0 });
      volatile.crash();
      const after = volatile.mount();
      expect(await kept(after)).toEqual(expect.arrayContaining([id(1), id(2), id(4)]));
      expect(await verified(after)).toMatchObject({ faultCount: 0 });
    },
  );

  test('after the very first group was refused, and left whole records, the chain begins once more', async () => {
    const volatile = disk();
    const receipts = await openReceipts({ folder: FOLDER, signingKey: KEY, files: volatile.mount() });
    faults.push({ operation: 'datasync', fault: { code: 'EIO' } });
    await expect(receipts.append(testReceipt(1))).rejects.toMatchObject({ code: 'unavailable' });
    await receipts.append(testReceipt(1));
    await receipts.append(testReceipt(2));
    const after = await verified(volatile.mount());
    expect(after).toMatchObject({ receipts: 3, faultCount: 0, chains: [{ unacknowledged: 1 }] });
  });

  test('what a start goes on from is on disk first: a process died before it had synced it, then the power goes', async () => {
    let isDying = false;
    const volatile = createVolatileDisk((operation) => {
      // The sync that the process does not live to make.
      return isDying && operation === 'datasync' ? new Promise(() => undefined) : undefined;
    });
    const first = await openReceipts({ folder: FOLDER, signingKey: KEY, files: volatile.mount() });
    await first.append(testReceipt(1));
    isDying = true;
    void first.append(testReceipt(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    isDying = false;
    const second = await openReceipts({ folder: FOLDER, signingKey: KEY, files: volatile.mount() });
    await second.append(testReceipt(3));
    volatile.crash();
    const after = volatile.mount();
    expect(await verified(after)).toMatchObject({ receipts: 3, faultCount: 0 });
  });
});
