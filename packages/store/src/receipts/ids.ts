import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ReceiptAction } from './receipt.ts';

/** What a receipt's id is made from. */
export interface ReceiptClaims {
  /** `subjectOf` the visitor. */
  readonly subject: string;
  /** When the visitor chose, the text as it was sent. */
  readonly at: string;
  /** The purposes granted; of a withdrawal, those taken back. In any order. */
  readonly purposes: readonly string[];
  readonly source: string;
  /** Hash of the policy under which the visitor chose; absent where none was told. */
  readonly policy?: string | undefined;
  /** Default `grant`. The id of a withdrawal never passes for the receipt of a grant. */
  readonly action?: ReceiptAction;
}

/**
 * Whose a receipt is: HMAC-SHA-256 of the visitor's id on one site, 43 characters of base64url. Whoever has the receipts
 * alone can neither tell the id nor find the same visitor on another site.
 */
export const subjectOf = (key: Uint8Array, site: string, visitorId: string): string =>
  mac(key, ['parcours subject 1', site, visitorId]).toString('base64url');

/**
 * The id of a receipt: the first 16 bytes of an HMAC-SHA-256 over what it attests, 22 characters of base64url. So it is its
 * own signature: whoever has the key verifies it by making it again, and the same choice has the same id however often it is sent.
 */
export const receiptIdOf = (key: Uint8Array, claims: ReceiptClaims): string => {
  const { subject, at, purposes, source, policy, action = 'grant' } = claims;
  const fields = ['parcours receipt 1', action, subject, at, [...new Set(purposes)].sort(), source, policy ?? null];
  return mac(key, fields).subarray(0, 16).toString('base64url');
};

/** Whether an id is the receipt's for exactly these claims; compared in constant time. */
export function isReceiptId(key: Uint8Array, claims: ReceiptClaims, id: string): boolean {
  const [expected, given] = [Buffer.from(receiptIdOf(key, claims)), Buffer.from(id)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** JSON keeps the fields apart whatever is in them: no two lists of texts have the same JSON. */
const mac = (key: Uint8Array, fields: readonly unknown[]): Buffer =>
  createHmac('sha256', key).update(JSON.stringify(fields)).digest();
