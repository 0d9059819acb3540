import { randomBytes } from 'node:crypto';
import { LogError } from '../log/log.ts';
import { createChain } from './chain.ts';
import { signingKeyOf } from './keys.ts';
import type { Receipt } from './receipt.ts';
import type { Receipts } from './receipts.ts';

export interface MemoryReceiptsOptions {
  /** Bytes of JSON that it holds; beyond it `append` rejects with code `overloaded`. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Ed25519 seed, 32 bytes. Default: random. */
  readonly signingSeed?: Uint8Array;
}

/** Receipts that nothing survives in. */
export interface MemoryReceipts extends Receipts {
  /** Every receipt, the oldest first. */
  records(): readonly Receipt[];
}

/**
 * Receipts in memory, for tests and trials: signed and chained as those on disk, up to the end of the process. It never
 * makes room silently: once it is full, what comes is refused.
 */
export function createMemoryReceipts(options: MemoryReceiptsOptions = {}): MemoryReceipts {
  const { maxBytes = 32 * 1024 * 1024, signingSeed = randomBytes(32) } = options;
  const records: Receipt[] = [];
  let held = 0;
  const chain = createChain({
    signingKey: signingKeyOf(signingSeed),
    head: null,
    seq: 0,
    async write(group) {
      const bytes = group.reduce((sum, { json }) => sum + Buffer.byteLength(json), 0);
      if (held + bytes > maxBytes) {
        throw new LogError('overloaded', `the receipts in memory are as many as may be (${maxBytes} bytes)`);
      }
      held += bytes;
      records.push(...group.map(({ record }) => record));
    },
    close: async () => undefined,
  });
  return { ...chain, records: () => records };
}
