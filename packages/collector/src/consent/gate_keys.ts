import { JOIN_KEYS, type JoinKey, type Keys, type Purpose } from '@parcours/protocol';
import { keepCode } from '../scrub/code.ts';
import type { Scrubber } from '../scrub/scrub.ts';

/**
 * The join keys whose purpose was granted, as they may rest; nothing if none is left. Left out are unknown keys, and those
 * in which the scrubber finds a person, such as an e-mail given as `customer_id`: masked they would be one key for all.
 */
export function gateKeys(
  keys: Keys | undefined,
  permits: (purpose: Purpose) => boolean,
  scrub: Scrubber,
): Record<string, string> | undefined {
  if (keys === undefined) return undefined;
  const kept = Object.entries(keys).filter(
    (entry): entry is [JoinKey, string] =>
      Object.hasOwn(JOIN_KEYS, entry[0]) && typeof entry[1] === 'string' && permits(JOIN_KEYS[entry[0] as JoinKey]),
  );
  const clean = kept.filter(([, value]) => keepCode(value, scrub) === value);
  return clean.length === 0 ? undefined : Object.fromEntries(clean);
}
