import { JOIN_KEYS, type JoinKey, type Keys } from '@parcours/protocol';
import { keepCode } from './code.ts';
import type { Scrubber } from './scrub.ts';

/**
 * The join keys as they may rest; nothing if none is left. Left out are unknown keys, and those in which the scrubber finds
 * a person, such as an e-mail given as `customer_id`: masked they would be one key for all.
 */
export function cleanKeys(keys: Keys, scrub: Scrubber): Record<string, string> | undefined {
  const kept = Object.entries(keys).filter(
    (entry): entry is [JoinKey, string] => Object.hasOwn(JOIN_KEYS, entry[0]) && typeof entry[1] === 'string',
  );
  const clean = kept.filter(([, value]) => keepCode(value, scrub) === value);
  return clean.length === 0 ? undefined : Object.fromEntries(clean);
}
