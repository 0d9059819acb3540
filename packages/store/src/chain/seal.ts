import { createHash, type KeyObject, sign } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ChainRecord } from './record.ts';

/** A record ready to be written, with its hash. */
export interface SealedRecord<R extends ChainRecord> {
  readonly record: R;
  readonly json: string;
  readonly hash: string;
}

/** Names a record's place in its chain and signs it. */
export function sealRecord<N extends object>(
  record: N,
  place: Pick<ChainRecord, 'seq' | 'previous'>,
  signingKey: KeyObject,
): SealedRecord<N & ChainRecord> {
  const unsigned = { ...record, ...place };
  const digest = digestOf(unsigned);
  const signature = sign(null, digest, signingKey).toString('base64url');
  const whole = { ...unsigned, signature };
  return { record: whole, json: JSON.stringify(whole), hash: digest.toString('base64url') };
}

/** SHA-256 of a record's canonical JSON (RFC 8785) without its signature: what is signed, and what the next record names. */
export function digestOf(record: object): Buffer {
  const { signature: _, ...unsigned } = record as { signature?: unknown };
  return createHash('sha256')
    .update(canonicalize(unsigned) as string)
    .digest();
}

/** A record's hash as the next one names it. */
export const recordHash = (record: object): string => digestOf(record).toString('base64url');
