import { type BySubject, firstOf, type Kind, textFault } from '../kind.ts';
import type { ControlRecord } from '../record.ts';

/** A key opens nothing any more. Nothing takes this back. */
export interface KeyRevoked extends ControlRecord {
  readonly kind: 'key_revoked';
  readonly key: string;
}

export const keyRevoked = {
  kind: 'key_revoked',
  fault: (fields) => textFault(fields, 'key'),
  ...firstOf(({ key }: KeyRevoked) => key),
} satisfies Kind<'key_revoked', KeyRevoked, BySubject<KeyRevoked>>;
