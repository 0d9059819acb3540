import { createHash, randomBytes } from 'node:crypto';

export const ONCE_LINK_MS = 10 * 60_000;
/** Links that wait to be used, at the most: the oldest goes first. */
const MOST_WAITING = 100;

/** Whom a link signs in, and until when at the most, ms since the epoch. */
export interface OnceLink {
  readonly secretId: string;
  readonly endsAt?: number | undefined;
}

/** Sign-in links, good for one use within ten minutes. They live in memory: a restart voids them. */
export interface OnceLinks {
  /** A token that signs in as the holder of this console secret, once. A session that asks for one is not prolonged by it. */
  mint(link: OnceLink): { readonly token: string; readonly expiresAt: number };
  /** What it was made for, the first time within ten minutes; undefined ever after. */
  redeem(token: string): OnceLink | undefined;
}

export function createOnceLinks(now: () => number): OnceLinks {
  // Kept as digests: looking one up tells nothing about how much of a guess was right.
  const waiting = new Map<string, { readonly made: OnceLink; readonly expiresAt: number }>();
  return {
    mint(made) {
      for (const [digest, { expiresAt }] of waiting) {
        if (expiresAt <= now() || waiting.size >= MOST_WAITING) waiting.delete(digest);
      }
      const token = randomBytes(32).toString('base64url');
      const expiresAt = now() + ONCE_LINK_MS;
      waiting.set(digestOf(token), { made, expiresAt });
      return { token, expiresAt };
    },
    redeem(token) {
      const digest = digestOf(token);
      const link = waiting.get(digest);
      waiting.delete(digest);
      return link !== undefined && link.expiresAt > now() ? link.made : undefined;
    },
  };
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');
