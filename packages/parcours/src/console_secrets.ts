import { hkdfSync, timingSafeEqual } from 'node:crypto';
import type { ConsoleSecrets, Holder } from '@parcours/journeys';
import { type ControlState, isOpen, keysOf, secretHash } from '@parcours/store/control';

export interface ConsoleSecretsOptions {
  /** The machine's own secret. Whoever can read `secrets.json` may do everything: the command line, and whoever it gives a sign-in link. */
  readonly admin: string;
  /** Keys the hashes of the others; of `secrets.json`, base64url. */
  readonly pepper: string;
  /** What is recorded, where `parcours key create --console` puts the others. Asked at each call. */
  readonly control: () => ControlState;
  /** Ms since the epoch. */
  readonly now?: () => number;
}

/** The id of the machine's own secret; no key has it. */
const LOCAL: Holder = { id: 'local', role: 'admin' };

/** The machine's own secret, and those that commands made and nobody revoked. */
export function createConsoleSecrets({
  admin,
  pepper,
  control,
  now = Date.now,
}: ConsoleSecretsOptions): ConsoleSecrets {
  const key = Buffer.from(pepper, 'base64url');
  const hashOf = (secret: string): Buffer => Buffer.from(secretHash(key, secret), 'base64url');
  const local = { holder: LOCAL, hash: hashOf(admin) };

  const inForce = (): readonly { readonly holder: Holder; readonly hash: Buffer }[] => [
    local,
    ...keysOf(control(), now()).flatMap((each) => {
      const { created } = each;
      if (created.use !== 'console' || !isOpen(each)) return [];
      return { holder: { id: created.key, role: created.role }, hash: Buffer.from(created.hash, 'base64url') };
    }),
  ];
  return {
    holderOf(secret) {
      const given = hashOf(secret);
      let found: Holder | undefined;
      // All of them, whichever fits: the time taken says nothing about a guess.
      for (const { holder, hash } of inForce()) if (timingSafeEqual(hash, given)) found = holder;
      return found;
    },
    holderWithId: (id) => inForce().find(({ holder }) => holder.id === id)?.holder,
  };
}

/** The key of the session cookies: derived, so that new secrets end every session and there is one secret less to keep. */
export const sessionKeyOf = (admin: string): string =>
  Buffer.from(hkdfSync('sha256', admin, '', 'parcours console session', 32)).toString('base64url');
