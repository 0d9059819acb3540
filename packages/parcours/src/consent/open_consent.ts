import { join } from 'node:path';
import {
  type ControlFeed,
  erasedAt,
  hasErased,
  openControlWriter,
  type WithdrawnPurposes,
  withdrawnOf,
} from '@parcours/store/control';
import { openReceipts, type ReceiptStats, type Receipts } from '@parcours/store/receipts';
import type { DataFolder } from '../data_folder.ts';
import type { Secrets } from '../secrets.ts';
import { createErasureRecorder, type Erasure } from './record_erasure.ts';
import { createWithdrawalRecorder, type Withdrawal } from './record_withdrawal.ts';

/** What a collector keeps of visitors' choices, and what it learns of those that others keep. */
export interface ConsentStore {
  readonly receiptKey: Uint8Array;
  readonly receipts: Receipts;
  /** Resolves once it is on disk, where every other process follows it within a second. */
  recordWithdrawal(withdrawal: Withdrawal): Promise<void>;
  /** What a subject took back, by purpose or `*`, ms since the epoch; from memory. */
  withdrawalsOf(site: string, subject: string): WithdrawnPurposes | undefined;
  /** Resolves once it is on disk; refuses what names the erased here at once. */
  recordErasure(erasure: Erasure): Promise<void>;
  /** Whether a hash is of an id that was erased on a site; from memory. */
  isErased(site: string, hash: string): boolean;
  hasErased(): boolean;
  stats(): ReceiptStats;
  /** Writes what waits and lets go. Never rejects. */
  close(): Promise<void>;
}

export interface OpenConsentOptions {
  readonly folder: DataFolder;
  /** The collector's name: of its folders in `receipts` and `control`. */
  readonly writer: string;
  readonly secrets: Pick<Secrets, 'receipts' | 'signing'>;
  readonly feed: Pick<ControlFeed, 'state'>;
}

/** @throws LogError `unavailable` where one of the folders cannot be used */
export async function openConsent({ folder, writer, secrets, feed }: OpenConsentOptions): Promise<ConsentStore> {
  const receipts = await openReceipts({
    folder: join(folder.receipts, writer),
    signingKey: Buffer.from(secrets.signing, 'base64url'),
  });
  const control = await openControlWriter({ folder: folder.control, writer });
  const erasures = createErasureRecorder(control);
  return {
    receiptKey: Buffer.from(secrets.receipts, 'base64url'),
    receipts,
    recordWithdrawal: createWithdrawalRecorder(control),
    withdrawalsOf: (site, subject) => withdrawnOf(feed.state, site, subject),
    recordErasure: erasures.record,
    isErased: (site, hash) =>
      erasures.has(site, hash) || erasedAt(feed.state, { hash, site, now: Date.now() }) !== undefined,
    hasErased: () => erasures.hasAny() || hasErased(feed.state),
    stats: () => receipts.stats(),
    async close() {
      await Promise.all([receipts.close(), control.close()]);
    },
  };
}
