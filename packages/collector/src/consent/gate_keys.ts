import { JOIN_KEYS, type JoinKey, type Keys, type Purpose } from '@parcours/protocol';
import { keepCode } from '../scrub/code.ts';
import type { Scrubber } from '../scrub/scrub.ts';

/** The join keys whose purpose was granted, as they may rest; unknown keys left out; nothing if none is left. */
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
  return kept.length === 0 ? undefined : Object.fromEntries(kept.map(([key, value]) => [key, keepCode(value, scrub)]));
}
