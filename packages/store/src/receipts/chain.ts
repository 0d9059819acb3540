import type { KeyObject } from 'node:crypto';
import type { SealedRecord } from '../chain/seal.ts';
import { LogError } from '../log/log.ts';
import type { NewReceipt, Receipt } from './receipt.ts';
import { MAX_RECEIPT_BYTES, type Receipts } from './receipts.ts';
import { createRecentIds } from './recent_ids.ts';
import { cleanReceipt, seal } from './seal.ts';

export interface ChainOptions {
  readonly signingKey: KeyObject;
  /** Hash of the last record there is, and its `seq`; null and 0 where there is none. */
  readonly head: string | null;
  readonly seq: number;
  /** Ids lately appended, the oldest first, see `recentId`. */
  readonly recent?: Iterable<string>;
  /** Makes records durable in this order, all of them; rejects where it cannot promise that, for all of them. */
  readonly write: (group: readonly SealedRecord<Receipt>[]) => Promise<void>;
  readonly close: () => Promise<void>;
  /** Receipts that may wait for the disk; beyond it `append` rejects with `overloaded`. Default 20,000. */
  readonly maxWaiting?: number;
}

/** Receipts signed and written at once: a signature takes some 50 µs, and nothing else runs meanwhile. */
const MAX_GROUP = 200;

interface Waiter {
  readonly receipt: NewReceipt;
  resolve(): void;
  reject(error: unknown): void;
}

/** How a receipt is known again. */
export const recentId = ({ action, receipt_id }: Pick<NewReceipt, 'action' | 'receipt_id'>): string =>
  `${action} ${receipt_id}`;

/**
 * Appends to a chain, one group after the other. A group that failed is in the chain's past no more: the next names the last
 * record that was acknowledged, so that a chain never rests on what the disk may have lost.
 */
export function createChain(options: ChainOptions): Receipts {
  const { signingKey, write, maxWaiting = 20_000 } = options;
  const recent = createRecentIds(options.recent);
  const pending = new Map<string, Promise<void>>();
  let { head, seq } = options;
  const waiting: Waiter[] = [];
  let flushing: Promise<void> | undefined;
  let isClosed = false;
  const counts = { appended: 0, repeated: 0, failed: 0, writable: true };

  async function append(receipt: NewReceipt): Promise<void> {
    const id = recentId(receipt);
    const known = pending.get(id) ?? (recent.has(id) ? Promise.resolve() : undefined);
    if (known) {
      counts.repeated += 1;
      return known;
    }
    if (isClosed) throw new LogError('closed', 'the receipts are closed');
    if (waiting.length >= maxWaiting) throw new LogError('overloaded', 'as many receipts wait as may wait');
    const clean = cleanReceipt(receipt);
    const bytes = Buffer.byteLength(JSON.stringify(clean));
    if (bytes > MAX_RECEIPT_BYTES) {
      throw new RangeError(`[receipts] a receipt must have at most ${MAX_RECEIPT_BYTES} bytes, not ${bytes}`);
    }
    const durable = new Promise<void>((resolve, reject) => {
      waiting.push({ receipt: clean, resolve, reject });
    }).finally(() => pending.delete(id));
    pending.set(id, durable);
    flushing ??= flush();
    return durable;
  }

  async function flush(): Promise<void> {
    // Lets every request that the event loop has ready join the first group.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) await commit(waiting.splice(0, MAX_GROUP));
    flushing = undefined;
  }

  async function commit(group: readonly Waiter[]): Promise<void> {
    const sealed: SealedRecord<Receipt>[] = [];
    try {
      for (const { receipt } of group) {
        // Not taken back where the group fails: a choice told again is another record than the one that may be on disk.
        seq += 1;
        sealed.push(seal(receipt, { seq, previous: sealed.at(-1)?.hash ?? head }, signingKey));
      }
      await write(sealed);
    } catch (error) {
      counts.failed += group.length;
      counts.writable = false;
      for (const waiter of group) waiter.reject(error);
      return;
    }
    head = sealed.at(-1)?.hash ?? head;
    counts.appended += group.length;
    counts.writable = true;
    for (const { receipt, resolve } of group) {
      recent.add(recentId(receipt));
      resolve();
    }
  }

  return {
    append,
    stats: () => ({ ...counts, waiting: waiting.length, head }),
    async close() {
      isClosed = true;
      await flushing;
      await options.close();
    },
  };
}
