import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { ConsoleSecrets, Holder } from '@parcours/journeys';

/** Whoever can read `secrets.json` may do everything: the command line, and whoever it gives a sign-in link. */
export function localConsoleSecret(admin: string): ConsoleSecrets {
  const expected = digestOf(admin);
  const holder: Holder = { id: 'local', role: 'admin' };
  return {
    // Compared as digests: equal length whatever was sent, so the time taken tells nothing.
    holderOf: (secret) => (timingSafeEqual(digestOf(secret), expected) ? holder : undefined),
    holderWithId: (id) => (id === holder.id ? holder : undefined),
  };
}

/** The key of the session cookies: derived, so that new secrets end every session and there is one secret less to keep. */
export const sessionKeyOf = (admin: string): string =>
  Buffer.from(hkdfSync('sha256', admin, '', 'parcours console session', 32)).toString('base64url');

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
