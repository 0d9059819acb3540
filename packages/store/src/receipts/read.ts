import { join } from 'node:path';
import { lastCut } from '../chain/cut.ts';
import { chainWriters, readChainLines } from '../chain/read.ts';
import type { ChainKind } from '../chain/record.ts';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import type { LineFault } from '../log/line.ts';
import type { Receipt } from './receipt.ts';
import { receiptFault } from './receipt_fault.ts';

/** One line of a chain, where it lies, and the receipt in it or why there is none. */
export type ReceiptLine = {
  readonly segment: number;
  /** Bytes into the segment. */
  readonly offset: number;
} & (
  | { readonly receipt: Receipt; readonly fault?: undefined }
  /** What is wrong with it; never its content. */
  | { readonly receipt?: undefined; readonly fault: LineFault | 'not_a_receipt' }
);

/** A receipt with the name of its writer. */
export interface FoundReceipt {
  readonly writer: string;
  readonly segment: number;
  readonly offset: number;
  readonly receipt: Receipt;
}

/** Which receipts are asked for: those that are all of what is given. */
export interface ReceiptFilter {
  readonly site?: string | undefined;
  readonly subject?: string | undefined;
  readonly receiptId?: string | undefined;
  /** Received from this moment on, and before that one: ms since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Receipts as a chain holds them. */
export const RECEIPT: ChainKind<Receipt> = {
  fault: receiptFault,
  idOf: ({ receipt_id }) => receipt_id,
  timeOf: ({ received_at }) => received_at,
};

/** The names of all who wrote receipts in a folder, such as `data/receipts`; none where there is none. */
export const receiptWriters = chainWriters;

/**
 * The receipts of all writers of a folder that a filter lets pass, chain by chain, each in its order; a few megabytes at a
 * time, however many there are. Lines that hold none are passed over: `verifyReceipts` names them.
 */
export async function* readReceipts(folder: string, filter: ReceiptFilter = {}): AsyncGenerator<FoundReceipt> {
  for (const writer of await receiptWriters(folder)) {
    for await (const { segment, offset, receipt } of readChain(join(folder, writer))) {
      if (receipt && passes(receipt, filter)) yield { writer, segment, offset, receipt };
    }
  }
}

function passes(receipt: Receipt, { site, subject, receiptId, since, until }: ReceiptFilter): boolean {
  if (site !== undefined && receipt.site !== site) return false;
  if (subject !== undefined && receipt.subject !== subject) return false;
  if (receiptId !== undefined && receipt.receipt_id !== receiptId) return false;
  const received = Date.parse(receipt.received_at);
  return (since === undefined || received >= since) && (until === undefined || received < until);
}

/** Every line of one writer's chain, from a segment on; never of what age took, whether its files still are there or not. */
export async function* readChain(
  folder: string,
  { files = diskFiles, from = 0 }: { readonly files?: LogFiles; readonly from?: number } = {},
): AsyncGenerator<ReceiptLine> {
  const cut = await lastCut(folder, files);
  const first = cut ? Math.max(from, cut.segment + 1) : from;
  yield* receiptLines(readChainLines(RECEIPT, folder, { files, from: first }));
}

async function* receiptLines(lines: ReturnType<typeof readChainLines<Receipt>>): AsyncGenerator<ReceiptLine> {
  for await (const { segment, offset, record, fault } of lines) {
    if (record) yield { segment, offset, receipt: record };
    else yield { segment, offset, fault: fault === 'not_a_record' ? 'not_a_receipt' : fault };
  }
}
