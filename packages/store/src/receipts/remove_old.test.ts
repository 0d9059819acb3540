import { createPublicKey } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { signingKeyOf } from './keys.ts';
import { openReceipts } from './open.ts';
import { readReceipts } from './read.ts';
import { removeOldReceipts } from './remove_old.ts';
import { testReceipt } from './testing.ts';
import { verifyReceipts } from './verify.ts';

const SEED = new Uint8Array(32).fill(3);
const PUBLIC = createPublicKey(signingKeyOf(SEED));
const WRITER = 'collector-0';
const DAY_MS = 86_400_000;
const T0 = Date.parse('2026-01-01T10:00:00.000Z');
/** Receipts of a segment, which is one of a day. */
const A_DAY = 3;
const DAYS = 5;

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parcours-cut-'));
  folder = join(root, WRITER);
  for (let day = 0; day < DAYS; day++) await writeDay(day);
});
afterEach(() => rm(root, { recursive: true }));

const receiptOf = (day: number, n: number) => {
  const at = new Date(T0 + day * DAY_MS + n * 1000).toISOString();
  return testReceipt(day * A_DAY + n, { chosen_at: at, received_at: at });
};

/** A start of the collector a day, so a segment of its own. */
async function writeDay(day: number): Promise<void> {
  const receipts = await openReceipts({ folder, signingKey: SEED, now: () => T0 + day * DAY_MS });
  for (let n = 0; n < A_DAY; n++) await receipts.append(receiptOf(day, n));
  await receipts.close();
}

/** Kept for ten days from when they were received: of day 0 all are due at the end of day 10. */
const endOfDay = (day: number): number => T0 + (10 + day) * DAY_MS + 3_600_000;
const remove = (day: number, more: { files?: LogFiles; dryRun?: boolean } = {}) =>
  removeOldReceipts({
    folder,
    signingKey: SEED,
    keptUntil: ({ received_at }) => Date.parse(received_at) + 10 * DAY_MS,
    now: endOfDay(day),
    ...more,
  });
const verify = (heads: Record<string, string> = {}) => verifyReceipts(root, [PUBLIC], { heads });
const names = async (ending: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(ending)).sort();
const daysLeft = async (): Promise<readonly number[]> => {
  const days: number[] = [];
  for await (const { receipt } of readReceipts(root))
    days.push(Math.floor((Date.parse(receipt.received_at) - T0) / DAY_MS));
  return [...new Set(days)];
};

describe('receipts that are old', () => {
  it('go by whole segments, and what is left verifies from the cut; twice the same', async () => {
    const head = (await verify()).chains[0]?.head as string;
    expect(await remove(1, { dryRun: true })).toMatchObject({ removed: 6 });
    expect(await names('.log')).toHaveLength(DAYS);

    expect(await remove(1)).toEqual({ removed: 6, isFaulty: false, oldest: receiptOf(2, 0).received_at });
    expect(await daysLeft()).toEqual([2, 3, 4]);
    expect(await verify({ [WRITER]: head })).toMatchObject({
      receipts: 9,
      faultCount: 0,
      chains: [{ cut: { records: 6, through: receiptOf(1, 2).received_at }, head }],
    });
    expect(await remove(1)).toMatchObject({ removed: 0 });

    expect(await remove(2)).toMatchObject({ removed: 3 });
    expect(await names('.cut')).toHaveLength(2);
    expect(await verify()).toMatchObject({ receipts: 6, faultCount: 0, chains: [{ cut: { records: 9 } }] });
  });

  it('stay while one receipt of their segment has not had its time', async () => {
    const now = T0 + 10 * DAY_MS + 1_500;
    const keptUntil = ({ received_at }: { received_at: string }) => Date.parse(received_at) + 10 * DAY_MS;
    expect(await removeOldReceipts({ folder, signingKey: SEED, keptUntil, now })).toMatchObject({ removed: 0 });
    expect(await daysLeft()).toEqual([0, 1, 2, 3, 4]);
    expect(await names('.cut')).toEqual([]);
  });

  it('leave the newest segment, and the chain goes on from it', async () => {
    expect(await remove(100)).toMatchObject({ removed: 12 });
    expect(await daysLeft()).toEqual([4]);
    await writeDay(5);
    expect(await verify()).toMatchObject({ receipts: 6, faultCount: 0 });
    expect(await remove(100)).toMatchObject({ removed: 3 });
    expect(await verify()).toMatchObject({ receipts: 3, faultCount: 0 });
  });

  it('killed at every step and called again, the same are left, and never does one come back or the chain look broken', async () => {
    const whole = join(root, '..', `${Date.now()}-${process.pid}-whole`);
    await cp(root, whole, { recursive: true });
    try {
      for (let steps = 0; ; steps++) {
        await rm(folder, { recursive: true });
        await cp(join(whole, WRITER), folder, { recursive: true });
        let done = 0;
        const step =
          <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
          (...args: A): Promise<R> => {
            if (done++ >= steps) throw new Error('killed');
            return work(...args);
          };
        const { create, link, remove: unlink, syncFolder } = diskFiles;
        const dying: LogFiles = {
          ...diskFiles,
          create: step(create),
          link: step(link),
          remove: step(unlink),
          syncFolder: step(syncFolder),
        };
        const isKilled = await remove(2, { files: dying }).then(
          () => false,
          (error: Error) => {
            expect(error.message).toBe('killed');
            return true;
          },
        );
        expect(await verify()).toMatchObject({ faultCount: 0 });
        expect([
          [0, 1, 2, 3, 4],
          [3, 4],
        ]).toContainEqual(await daysLeft());
        await remove(2);
        expect(await daysLeft()).toEqual([3, 4]);
        expect(await names('.log')).toHaveLength(2);
        expect(await verify()).toMatchObject({ receipts: 6, faultCount: 0, chains: [{ cut: { records: 9 } }] });
        if (!isKilled) break;
        expect(steps).toBeLessThan(20);
      }
    } finally {
      await rm(whole, { recursive: true });
    }
  });

  it('do not come back with their files', async () => {
    const [first] = await names('.log');
    const bytes = await readFile(join(folder, first as string));
    await remove(1);
    await writeFile(join(folder, first as string), bytes);
    expect(await daysLeft()).toEqual([2, 3, 4]);
    expect(await verify()).toMatchObject({ receipts: 9, faultCount: 0 });
    await remove(1);
    expect(await names('.log')).not.toContain(first);
  });
});

describe('what nobody recorded is found', () => {
  const faults = async () => (await verify()).faults.map(({ fault }) => fault);
  const nth = async (ending: string, n: number): Promise<string> => join(folder, (await names(ending)).at(n) as string);

  it('segments removed without a cut, before or after one', async () => {
    await rm(await nth('.log', 0));
    expect(await faults()).toEqual(['gap']);
    expect(await remove(3)).toMatchObject({ removed: 0, isFaulty: true });
    expect(await faults()).toEqual(['gap']);
  });
  it('segments removed behind a cut', async () => {
    await remove(0);
    await rm(await nth('.log', 0));
    expect(await faults()).toEqual(['gap']);
    expect(await remove(3)).toMatchObject({ removed: 0, isFaulty: true });
  });
  it('a cut that was removed', async () => {
    await remove(0);
    await rm(await nth('.cut', 0));
    expect(await faults()).toEqual(['gap']);
  });
  it('an older cut that was removed', async () => {
    await remove(0);
    await remove(1);
    await rm(await nth('.cut', 0));
    expect(await faults()).toEqual(['cut']);
  });
  it('a cut of another key, which lets nothing be deleted', async () => {
    const first = await nth('.log', 0);
    const bytes = await readFile(first);
    const now = endOfDay(0);
    const keptUntil = ({ received_at }: { received_at: string }) => Date.parse(received_at) + 10 * DAY_MS;
    await removeOldReceipts({ folder, signingKey: new Uint8Array(32).fill(4), keptUntil, now });
    await writeFile(first, bytes);
    expect(await faults()).toEqual(['cut']);
    await remove(0);
    expect(await readFile(first)).toEqual(bytes);
    await remove(1);
    expect(await readFile(first)).toEqual(bytes);
    expect(await faults()).toContain('cut');
  });
  it('a record that was altered stays, and so does what follows', async () => {
    const path = await nth('.log', 1);
    const text = await readFile(path, 'utf8');
    const at = text.lastIndexOf('"fr-FR"');
    await writeFile(path, `${text.slice(0, at)}"de-DE"${text.slice(at + 7)}`);
    expect(await remove(3)).toMatchObject({ removed: 3, isFaulty: true });
    expect(await daysLeft()).toContain(1);
    expect(await faults()).toEqual(['checksum']);
  });
});
