import type { KeyObject } from 'node:crypto';
import { CHAIN_FAULTS, type ChainFault, type ChainFaultCode, type CheckedChain } from '../chain/check.ts';
import { type VerifyOptions, verifyChains } from '../chain/verify.ts';
import { RECEIPT } from './read.ts';

export type { VerifyOptions } from '../chain/verify.ts';

/** One writer's chain as it was found. */
export type VerifiedChain = Omit<CheckedChain, 'records'> & { readonly receipts: number };

export type ReceiptFaultCode = Exclude<ChainFaultCode, 'not_a_record'> | 'not_a_receipt';

/** What is wrong with a record of a chain, or between two. */
export type ReceiptFault = Omit<ChainFault, 'id' | 'fault'> & {
  /** Absent where the line holds no receipt. */
  readonly receipt_id?: string;
  readonly fault: ReceiptFaultCode;
};

const { not_a_record: _, ...COMMON } = CHAIN_FAULTS;

/** Every fault with its words. */
export const RECEIPT_FAULTS: Readonly<Record<ReceiptFaultCode, string>> = {
  ...COMMON,
  not_a_receipt: 'the line holds no receipt',
};

export interface Verified {
  readonly receipts: number;
  readonly chains: readonly VerifiedChain[];
  /** In the order of the records. */
  readonly faults: readonly ReceiptFault[];
  readonly faultCount: number;
}

/**
 * Reads every receipt of a folder, such as `data/receipts`, and checks each: its checksum, its signature, and that it names
 * the record before it. So whatever was altered, removed, added or moved is told with its place; a chain cut off at its end
 * is told where a head is given.
 */
export async function verifyReceipts(
  folder: string,
  publicKeys: readonly KeyObject[],
  options: VerifyOptions = {},
): Promise<Verified> {
  const { records, chains, faults, faultCount } = await verifyChains(RECEIPT, folder, publicKeys, options);
  return {
    receipts: records,
    chains: chains.map(({ writer, records: receipts, ...rest }) => ({ writer, receipts, ...rest })),
    faults: faults.map(({ id, fault, ...place }) => ({
      ...place,
      ...(id !== undefined && { receipt_id: id }),
      fault: fault === 'not_a_record' ? 'not_a_receipt' : fault,
    })),
    faultCount,
  };
}
