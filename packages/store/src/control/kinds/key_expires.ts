import { type BySubject, chosen, firstFault, type Kind, textFault, timeFault } from '../kind.ts';
import { type ControlRecord, compareRecords } from '../record.ts';

/** A key ends at a time: how rotation leaves the old one its last hours. The earliest end counts: a key's life is never made longer. */
export interface KeyExpires extends ControlRecord {
  readonly kind: 'key_expires';
  readonly key: string;
  readonly expires_at: string;
}

export const keyExpires = {
  kind: 'key_expires',
  fault: (fields) => firstFault(textFault(fields, 'key'), timeFault(fields, 'expires_at')),
  ...chosen(
    ({ key }: KeyExpires) => key,
    (a, b) => (a.expires_at === b.expires_at ? compareRecords(a, b) < 0 : a.expires_at < b.expires_at),
  ),
} satisfies Kind<'key_expires', KeyExpires, BySubject<KeyExpires>>;
