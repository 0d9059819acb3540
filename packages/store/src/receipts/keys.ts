import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** What stands before the 32 bytes of a seed or of a public key in DER (RFC 8410). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * The Ed25519 key of a seed of 32 bytes.
 *
 * @throws RangeError for another length
 */
export function signingKeyOf(seed: Uint8Array): KeyObject {
  if (seed.length !== 32) throw new RangeError(`[receipts] a signing seed must have 32 bytes, not ${seed.length}`);
  return createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

/** The public half of a signing key as text: 32 bytes in base64url, as `x` in a JWK (RFC 8037). */
export const publicKeyText = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_HEAD.length).toString('base64url');

/** The public half of a signing key in PEM, as openssl reads it. */
export const publicKeyPem = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString();

/**
 * A public key from its text.
 *
 * @throws RangeError for what is no key
 */
export function publicKeyOf(text: string): KeyObject {
  const bytes = Buffer.from(text, 'base64url');
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) {
    throw new RangeError('[receipts] a public key must be 32 bytes in base64url, 43 characters');
  }
  return createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, bytes]), format: 'der', type: 'spki' });
}
