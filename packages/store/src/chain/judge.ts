import { type KeyObject, verify as verifySignature } from 'node:crypto';
import { promisify } from 'node:util';
import type { ChainRecord } from './record.ts';
import { digestOf } from './seal.ts';

const verifyAsync = promisify(
  (digest: Buffer, key: KeyObject, signature: Buffer, done: (error: Error | null, isRight: boolean) => void) =>
    verifySignature(null, digest, key, signature, done),
);

/** A record's hash, absent where there can be none, and whether one of the keys signed it as it is. */
export async function judgeRecord(
  record: ChainRecord,
  publicKeys: readonly KeyObject[],
): Promise<{ readonly hash?: string; readonly isSigned: boolean }> {
  const { signature } = record;
  let digest: Buffer;
  try {
    digest = digestOf(record);
  } catch {
    // Half a surrogate pair: no canonical JSON, so nothing that was ever signed.
    return { isSigned: false };
  }
  const bytes = Buffer.from(signature, 'base64url');
  // The last letter has bits to spare: another one would pass for it.
  if (bytes.toString('base64url') !== signature) return { isSigned: false };
  const results = await Promise.all(publicKeys.map((key) => verifyAsync(digest, key, bytes)));
  return { hash: digest.toString('base64url'), isSigned: results.includes(true) };
}
