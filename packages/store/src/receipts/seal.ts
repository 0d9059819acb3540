import type { KeyObject } from 'node:crypto';
import { toUSVString } from 'node:util';
import { type SealedRecord, sealRecord } from '../chain/seal.ts';
import type { NewReceipt, Receipt } from './receipt.ts';

/** Names a receipt's place in its chain and signs it. */
export const seal = (
  receipt: NewReceipt,
  place: Pick<Receipt, 'seq' | 'previous'>,
  signingKey: KeyObject,
): SealedRecord<Receipt> => sealRecord({ v: 1, kind: 'receipt', ...receipt } as const, place, signingKey);

/**
 * A receipt of known fields alone, in one order, whatever else the caller's object holds: nothing gets into the proof by
 * accident. Half a surrogate pair, which no canonical JSON has, becomes U+FFFD.
 */
export function cleanReceipt(receipt: NewReceipt): NewReceipt {
  const { purposes, legal_basis } = receipt;
  const fields = FIELDS.flatMap((name) => {
    const value = receipt[name];
    return value === undefined ? [] : [[name, typeof value === 'string' ? toUSVString(value) : value]];
  });
  return {
    ...(Object.fromEntries(fields) as Omit<NewReceipt, 'purposes' | 'legal_basis'>),
    purposes: { granted: purposes.granted.map(toUSVString), denied: purposes.denied.map(toUSVString) },
    ...(legal_basis && {
      legal_basis: Object.fromEntries(
        Object.entries(legal_basis).map(([name, basis]) => [toUSVString(name), toUSVString(basis)]),
      ),
    }),
  };
}

type Field = Exclude<keyof NewReceipt, 'purposes' | 'legal_basis'>;

/** Every field but those with parts; the type names whatever is forgotten here. */
const FIELDS = Object.keys({
  receipt_id: 0,
  site: 0,
  subject: 0,
  action: 0,
  source: 0,
  source_version: 0,
  consent_string: 0,
  notice_hash: 0,
  sdk: 0,
  sdk_hash: 0,
  policy_hash: 0,
  policy_version: 0,
  language: 0,
  country: 0,
  gpc: 0,
  chosen_at: 0,
  received_at: 0,
  expires_at: 0,
} satisfies Record<Field, 0>) as readonly Field[];
