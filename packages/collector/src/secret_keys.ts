import { timingSafeEqual } from 'node:crypto';
import { secretHash } from '@parcours/store/control';
import type { Site } from './options.ts';

/** Whose a secret key is. */
export interface SecretOwner {
  readonly site: Site;
  /** Names the key in counts and limits, without telling it. */
  readonly name: string;
}

/** Sites with the hashes of their secret keys in place of the keys: what is in memory opens nothing. */
export const hashSecretKeys = (sites: readonly Site[], pepper: Uint8Array): readonly Site[] =>
  sites.map((site) => {
    const hashes = site.secretKeys.map((secret) => secretHash(pepper, secret));
    // Named by the hash: a key keeps its limits when another is taken out before it.
    const made = hashes.map((hash) => ({ id: hash.slice(0, 12), hash }));
    return { ...site, secretKeys: [], secretKeyHashes: [...site.secretKeyHashes, ...made] };
  });

/**
 * Finds the owner of a secret key. Keyed hashes are compared, all of them and in constant time: how long it takes says
 * nothing about how much of a guess was right, nor whether it was.
 */
export function createSecretKeys(
  sites: readonly Site[],
  pepper: Uint8Array,
): (secret: string) => SecretOwner | undefined {
  const known = sites.flatMap((site) =>
    site.secretKeyHashes.map(({ id, hash }) => ({
      hash: Buffer.from(hash, 'base64url'),
      owner: { site, name: `${site.id} ${id}` } satisfies SecretOwner,
    })),
  );
  return (secret) => {
    const given = Buffer.from(secretHash(pepper, secret), 'base64url');
    let found: SecretOwner | undefined;
    for (const { hash, owner } of known) if (timingSafeEqual(hash, given)) found = owner;
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
