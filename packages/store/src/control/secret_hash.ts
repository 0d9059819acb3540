import { createHmac } from 'node:crypto';

/**
 * How a secret is kept: HMAC-SHA-256 under the pepper, base64url. Whoever has the records alone cannot try guesses; the
 * secrets are 256 random bits, so no slow hash is needed.
 */
export const secretHash = (pepper: Uint8Array, secret: string): string =>
  createHmac('sha256', pepper).update(secret).digest('base64url');
