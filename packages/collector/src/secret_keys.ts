import { createHash, timingSafeEqual } from 'node:crypto';
import type { Site } from './options.ts';

/** Whose a secret key is. */
export interface SecretOwner {
  readonly site: Site;
  /** Names the key in counts and limits, without telling it. */
  readonly name: string;
}

/**
 * Finds the owner of a secret key. What is compared are SHA-256 digests, all of them and in constant time: how long it
 * takes says nothing about how much of a guess was right.
 */
export function createSecretKeys(sites: readonly Site[]): (secret: string) => SecretOwner | undefined {
  const known = sites.flatMap((site) =>
    site.secretKeys.map((secret, index) => ({
      digest: digestOf(secret),
      owner: { site, name: `${site.id} ${index}` } satisfies SecretOwner,
    })),
  );
  if (known.length === 0) return () => undefined;
  return (secret) => {
    const given = digestOf(secret);
    let found: SecretOwner | undefined;
    for (const { digest, owner } of known) if (timingSafeEqual(digest, given)) found = owner;
    return found;
  };
}

/**
 * The token of an Authorization header of the scheme Bearer (RFC 6750 2.1; the scheme's case is free, RFC 9110 11.1),
 * empty if there is none. Another scheme is no word to us: a shop's test site behind a password sends `Basic` with
 * everything.
 */
export function bearerToken(authorization: string): string | undefined {
  const match = /^bearer(?: +(.*))?$/i.exec(authorization.trim());
  return match ? (match[1] ?? '') : undefined;
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
