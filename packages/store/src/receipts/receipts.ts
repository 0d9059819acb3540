import type { NewReceipt } from './receipt.ts';

/** Where a collector keeps the receipts that it gives. */
export interface Receipts {
  /**
   * Appends one receipt and resolves once it is on disk: all that wait at a time share one write and one fdatasync. One
   * with the action and `receipt_id` of a receipt lately appended is that one, told again: nothing is written, and this
   * resolves once the first is on disk. After a rejection the record may still come to light: send it again.
   *
   * @throws LogError as a log's `append`; RangeError for one of more than `MAX_RECEIPT_BYTES`
   */
  append(receipt: NewReceipt): Promise<void>;
  stats(): ReceiptStats;
  /** Writes what waits and lets go. Never rejects. */
  close(): Promise<void>;
}

export interface ReceiptStats {
  /** Receipts appended since the start, and those told again that were not. */
  readonly appended: number;
  readonly repeated: number;
  /** Receipts that could not be written since the start. */
  readonly failed: number;
  /** Receipts that wait for the disk. */
  readonly waiting: number;
  /** Whether the last write succeeded. */
  readonly writable: boolean;
  /** Hash of the last record of the chain; null where there is none. */
  readonly head: string | null;
}

/** Bytes of one receipt's JSON at most; the longest consent strings in use have some kilobytes. */
export const MAX_RECEIPT_BYTES = 64 * 1024;
