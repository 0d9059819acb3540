/**
 * Receipts: the proof of every choice that a collector was told of, signed, chained, and append-only. Free of any database
 * engine. A writer appends with `openReceipts`; whoever doubts reads with `readReceipts` and `verifyReceipts`.
 */
export type { ChainCut } from '../chain/cut.ts';
export { lastCut } from '../chain/cut.ts';
export { recordHash } from '../chain/seal.ts';
export type { ReceiptClaims } from './ids.ts';
export { isReceiptId, receiptIdOf, subjectOf } from './ids.ts';
export { publicKeyOf, publicKeyPem, publicKeyText, signingKeyOf } from './keys.ts';
export type { MemoryReceipts, MemoryReceiptsOptions } from './memory.ts';
export { createMemoryReceipts } from './memory.ts';
export type { OpenReceiptsOptions } from './open.ts';
export { openReceipts } from './open.ts';
export type { FoundReceipt, ReceiptFilter, ReceiptLine } from './read.ts';
export { readChain as readReceiptLines, readReceipts, receiptWriters } from './read.ts';
export type { NewReceipt, Receipt, ReceiptAction } from './receipt.ts';
export type { ReceiptStats, Receipts } from './receipts.ts';
export { MAX_RECEIPT_BYTES } from './receipts.ts';
export type { RemovedReceipts, RemoveOldReceiptsOptions } from './remove_old.ts';
export { removeOldReceipts } from './remove_old.ts';
export type { ReceiptFault, ReceiptFaultCode, Verified, VerifiedChain, VerifyOptions } from './verify.ts';
export { RECEIPT_FAULTS, verifyReceipts } from './verify.ts';
