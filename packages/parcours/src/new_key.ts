import { randomBytes } from 'node:crypto';
import {
  type ConsoleKeyCreated,
  type KeyCreated,
  type PublicKeyCreated,
  type Role,
  type ServerKeyCreated,
  secretHash,
} from '@parcours/store/control';

/** What a key is for. */
export type KeyPurpose =
  | { readonly use: 'public' | 'server'; readonly site: string }
  | { readonly use: 'console'; readonly role: Role };

type New<R extends KeyCreated> = Omit<R, 'v' | 'id' | 'at'>;

/** A key just made: its record, and what is shown once. */
export interface NewKey {
  readonly record: New<PublicKeyCreated> | New<ServerKeyCreated> | New<ConsoleKeyCreated>;
  /** The secret; for a public key, the key. */
  readonly shown: string;
}

const SECRET_BYTES = 32;
const PUBLIC_BYTES = 16;

/** @param pepper of `secrets.json`, base64url; a public key needs none */
export function makeKey(
  purpose: KeyPurpose,
  { pepper = '', ...more }: { readonly pepper?: string | undefined } & Pick<KeyCreated, 'replaces' | 'expires_at'>,
): NewKey {
  const common = { kind: 'key_created', key: `k_${randomBytes(6).toString('hex')}`, ...more } as const;
  const secret = (prefix: string) => {
    const shown = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    return { shown, hash: secretHash(Buffer.from(pepper, 'base64url'), shown) };
  };
  switch (purpose.use) {
    case 'public': {
      const shown = `pk_${randomBytes(PUBLIC_BYTES).toString('base64url')}`;
      return { shown, record: { ...common, use: 'public', site: purpose.site, public_key: shown } };
    }
    case 'server': {
      const { shown, hash } = secret('sk');
      return { shown, record: { ...common, use: 'server', site: purpose.site, hash } };
    }
    case 'console': {
      const { shown, hash } = secret('pc');
      return { shown, record: { ...common, use: 'console', role: purpose.role, hash } };
    }
  }
}

export const isSecret = ({ use }: KeyPurpose): boolean => use !== 'public';
