import { createHmac } from 'node:crypto';
import type { SubjectBy, SubjectId } from '../control/subject_ids.ts';
import { SubjectError } from './subject_error.ts';

/** Who is asked for: one of their ids, as whoever asks has it. */
export interface AskedSubject {
  readonly by: SubjectBy;
  /** An e-mail address or phone number as it is written, or its keyed hash as the tables have it. */
  readonly value: string;
  /** One site alone. Default: all. */
  readonly site?: string | undefined;
}

const MAX_CHARS = 320;

/**
 * The id of the tables for what was asked; for a consent receipt there is none, its visitors are looked up.
 *
 * @param joinKey keys the hashes of contacts: `join` of `secrets.json`
 * @throws SubjectError `bad_id`
 */
export function startOf({ by, value }: AskedSubject, joinKey: Uint8Array): SubjectId | undefined {
  const wrong = (rule: string): never => {
    throw new SubjectError('bad_id', `${by} must be ${rule}`);
  };
  if (value.trim() === '' || value.length > MAX_CHARS) wrong(`a text of 1 to ${MAX_CHARS} characters`);
  switch (by) {
    case 'receipt':
      return /^[\w-]{22}$/.test(value)
        ? undefined
        : wrong('22 letters, digits, _ or -, as parcours receipts list shows it');
    case 'email':
      if (!value.includes('@')) return { kind: by, value };
      return { kind: by, value: contactHash(joinKey, value.trim().normalize('NFC').toLowerCase()) };
    case 'phone': {
      if (!/^[+\d\s().-]+$/.test(value)) return { kind: by, value };
      const number = value.replace(/[\s().-]/g, '');
      if (!/^\+[1-9]\d{6,14}$/.test(number)) wrong('in international form, such as +33612345678');
      return { kind: by, value: contactHash(joinKey, number) };
    }
    default:
      return { kind: by, value };
  }
}

/** How an e-mail or phone is kept: HMAC-SHA-256 of its normalised form, base64url. */
export const contactHash = (joinKey: Uint8Array, normalised: string): string =>
  createHmac('sha256', joinKey).update(normalised).digest('base64url');
