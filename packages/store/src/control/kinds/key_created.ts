import {
  type BySubject,
  choiceFault,
  type Fields,
  firstFault,
  firstOf,
  type Kind,
  textFault,
  timeFault,
} from '../kind.ts';
import type { ControlRecord } from '../record.ts';

/** Who may look at the private pages, and at what. */
export const ROLES = ['admin', 'analyst', 'privacy'] as const;
export type Role = (typeof ROLES)[number];

interface AnyKey extends ControlRecord {
  readonly kind: 'key_created';
  /** Names the key without telling it. */
  readonly key: string;
  /** The key that this one is to replace. */
  readonly replaces?: string;
  readonly expires_at?: string;
}

/** What pages send: no secret. */
export interface PublicKeyCreated extends AnyKey {
  readonly use: 'public';
  readonly site: string;
  readonly public_key: string;
}

/** What a shop's server sends; only its hash is known here. */
export interface ServerKeyCreated extends AnyKey {
  readonly use: 'server';
  readonly site: string;
  readonly hash: string;
}

/** What opens the private pages; only its hash is known here. */
export interface ConsoleKeyCreated extends AnyKey {
  readonly use: 'console';
  readonly role: Role;
  readonly hash: string;
}

export type KeyCreated = PublicKeyCreated | ServerKeyCreated | ConsoleKeyCreated;

const HASH = /^[A-Za-z0-9_-]{43}$/;

const hashFault = (fields: Fields): string | undefined =>
  HASH.test(String(fields.hash)) ? undefined : 'hash must be 32 bytes in base64url';

const USES: Readonly<Record<KeyCreated['use'], (fields: Fields) => string | undefined>> = {
  public: (fields) => firstFault(textFault(fields, 'site'), textFault(fields, 'public_key')),
  server: (fields) => firstFault(textFault(fields, 'site'), hashFault(fields)),
  console: (fields) => firstFault(choiceFault(fields, 'role', ROLES), hashFault(fields)),
};

export const keyCreated = {
  kind: 'key_created',
  fault: (fields) =>
    firstFault(
      textFault(fields, 'key'),
      fields.replaces === undefined ? undefined : textFault(fields, 'replaces'),
      fields.expires_at === undefined ? undefined : timeFault(fields, 'expires_at'),
      choiceFault(fields, 'use', Object.keys(USES)),
    ) ?? USES[fields.use as KeyCreated['use']](fields),
  ...firstOf(({ key }: KeyCreated) => key),
} satisfies Kind<'key_created', KeyCreated, BySubject<KeyCreated>>;
