import { createHmac } from 'node:crypto';

/** Ids that name one person: who has one of them is the subject, and whoever shares a row with it may be. */
export const PERSON_KINDS = ['visitor', 'customer_id', 'loyalty_card', 'email', 'phone'] as const;
/** Ids of one transaction of one person: they find rows that name nobody, and are never a way to somebody else. */
export const TRANSACTION_KINDS = ['order_id', 'session'] as const;

/** By what somebody can be asked for. A consent receipt leads to its visitor. */
export const SUBJECT_BY = [...PERSON_KINDS, 'receipt', 'order_id'] as const;
export type SubjectBy = (typeof SUBJECT_BY)[number];

export type PersonKind = (typeof PERSON_KINDS)[number];
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];
export type SubjectKind = PersonKind | TransactionKind;

/** One id of a person or of a transaction, as it stands in the tables: e-mail and phone as their keyed hashes. */
export interface SubjectId {
  readonly kind: SubjectKind;
  readonly value: string;
}

/** What is hashed before kind and value. Part of the format: an engine makes the same hash by itself. */
export const ERASED_LABEL = 'parcours erased 1';
/** Hexadecimal digits that are kept of the hash: 128 bits. */
export const ERASED_DIGITS = 32;

/**
 * How a tombstone names an erased id: the first 16 bytes of an HMAC-SHA-256, in hexadecimal. Whoever has the records alone can
 * neither tell the id nor try guesses.
 *
 * @param key `receipts` of `secrets.json`: the same on all collectors of a shop
 */
export const erasedHash = (key: Uint8Array, { kind, value }: SubjectId): string =>
  createHmac('sha256', key).update(`${ERASED_LABEL}\n${kind}\n${value}`).digest('hex').slice(0, ERASED_DIGITS);
