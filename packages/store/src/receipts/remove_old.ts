import { type Shortened, type ShortenOptions, shortenChain } from '../chain/shorten.ts';
import { signingKeyOf } from './keys.ts';
import { RECEIPT } from './read.ts';
import type { Receipt } from './receipt.ts';

export interface RemoveOldReceiptsOptions extends Omit<ShortenOptions<Receipt>, 'signingKey'> {
  /** Ed25519 seed, 32 bytes: `signing` of `secrets.json`. */
  readonly signingKey: Uint8Array;
}

/** What went of one writer's receipts, or would go. */
export type RemovedReceipts = Shortened;

/**
 * Takes away the beginning of a writer's receipts by which nothing need be proven any more, as `shortenChain` does.
 *
 * @throws the file system's errors
 */
export const removeOldReceipts = ({ signingKey, ...options }: RemoveOldReceiptsOptions): Promise<RemovedReceipts> =>
  shortenChain(RECEIPT, { ...options, signingKey: signingKeyOf(signingKey) });
