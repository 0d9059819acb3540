import { createPublicKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlFeed, openControlFeed } from '@parcours/store/control';
import { createMemoryReceipts, signingKeyOf, verifyReceipts } from '@parcours/store/receipts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type DataFolder, dataFolder } from '../data_folder.ts';
import { openSecrets, type Secrets } from '../secrets.ts';
import { type ConsentStore, openConsent } from './open_consent.ts';
import { createWithdrawalRecorder, type Withdrawal } from './record_withdrawal.ts';

let folder: DataFolder;
let secrets: Secrets;
const feeds: ControlFeed[] = [];
const stores: ConsentStore[] = [];
beforeEach(async () => {
  folder = dataFolder(await mkdtemp(join(tmpdir(), 'parcours-consent-')));
  secrets = (await openSecrets(folder.secrets)).secrets;
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await Promise.all(feeds.splice(0).map((feed) => feed.stop()));
  await rm(folder.root, { recursive: true });
});

async function open(writer: string): Promise<ConsentStore> {
  const feed = await openControlFeed({ folder: folder.control });
  feeds.push(feed);
  const store = await openConsent({ folder, writer, secrets, feed });
  stores.push(store);
  return store;
}
const withdrawal: Withdrawal = { site: 'shop', subject: 's1', withdrawn_at: '2026-11-22T10:00:00.000Z' };
const at = Date.parse(withdrawal.withdrawn_at);
const receipt = {
  receipt_id: 'r1',
  site: 'shop',
  subject: 's1',
  action: 'grant',
  purposes: { granted: ['audience'], denied: [] },
  source: 'manual',
  gpc: false,
  chosen_at: withdrawal.withdrawn_at,
  received_at: withdrawal.withdrawn_at,
} as const;

test('an erasure is known here at once, everywhere within a second, and nowhere where it could not be written', async () => {
  const [first, second] = [await open('collector-0'), await open('collector-1')];
  const [hash, other] = ['a'.repeat(32), 'b'.repeat(32)];
  expect([first.hasErased(), second.hasErased()]).toEqual([false, false]);
  const written = first.recordErasure({ site: 'shop', hashes: [hash] });
  expect([first.isErased('shop', hash), first.isErased('other', hash), first.hasErased()]).toEqual([true, false, true]);
  await written;
  await vi.waitUntil(() => second.isErased('shop', hash), { timeout: 5_000, interval: 5 });
  expect((await open('collector-2')).isErased('shop', hash)).toBe(true);
  await first.close();
  await expect(first.recordErasure({ site: 'shop', hashes: [other] })).rejects.toThrow();
  expect(first.isErased('shop', other)).toBe(false);
});

test('what one collector records another knows within a second, and both know it after a start', async () => {
  const [first, second] = [await open('collector-0'), await open('collector-1')];
  expect(second.withdrawalsOf('shop', 's1')).toBeUndefined();
  await first.recordWithdrawal(withdrawal);
  const started = performance.now();
  await vi.waitUntil(() => second.withdrawalsOf('shop', 's1') !== undefined, { timeout: 5_000, interval: 5 });
  expect(performance.now() - started).toBeLessThan(1_000);
  await second.recordWithdrawal({ ...withdrawal, purposes: ['crm_join'], withdrawn_at: '2026-11-22T11:00:00.000Z' });
  const third = await open('collector-2');
  expect(third.withdrawalsOf('shop', 's1')).toEqual({ '*': at, crm_join: at + 3_600_000 });
  expect(third.withdrawalsOf('other', 's1')).toBeUndefined();
});

test('receipts lie in the data folder, signed by its key, one chain a collector', async () => {
  const [first, second] = [await open('collector-0'), await open('collector-1')];
  await Promise.all([first.receipts.append(receipt), second.receipts.append(receipt)]);
  const key = createPublicKey(signingKeyOf(Buffer.from(secrets.signing, 'base64url')));
  expect(await verifyReceipts(folder.receipts, [key])).toMatchObject({ receipts: 2, faultCount: 0 });
  expect(first.stats()).toMatchObject({ appended: 1, writable: true });
  expect(first.receiptKey).toHaveLength(32);
});

test('a withdrawal that is told again is one record', async () => {
  const store = await open('collector-0');
  await Promise.all([store.recordWithdrawal(withdrawal), store.recordWithdrawal(withdrawal)]);
  await store.recordWithdrawal(withdrawal);
  await store.recordWithdrawal({ ...withdrawal, withdrawn_at: '2026-11-22T10:00:00.001Z' });
  await store.recordWithdrawal({ ...withdrawal, purposes: ['b', 'a'] });
  await store.recordWithdrawal({ ...withdrawal, purposes: ['a', 'b'] });
  const written = join(folder.control, 'collector-0');
  const [segment = ''] = await readdir(written);
  expect((await readFile(join(written, segment), 'utf8')).trimEnd().split('\n')).toHaveLength(3);
});

test('one that could not be written is tried again when it is told again', async () => {
  const append = vi.fn().mockRejectedValueOnce(new Error('full')).mockResolvedValue({});
  const record = createWithdrawalRecorder({ append });
  await expect(record(withdrawal)).rejects.toThrow('full');
  await record(withdrawal);
  expect(append).toHaveBeenCalledTimes(2);
});

test('the interface is that of receipts in memory too', async () => {
  const { append, stats, close }: ConsentStore['receipts'] = createMemoryReceipts();
  await append(receipt);
  expect(stats().appended).toBe(1);
  await close();
});
