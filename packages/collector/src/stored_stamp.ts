import type { ConsentStamp } from '@parcours/protocol';
import type { StoredStamp } from '@parcours/store/log';
import { utcText, utcTime } from './enrich/clock.ts';
import type { Scrubber } from './scrub/scrub.ts';

/** Characters of a text in a stamp: a source's name, a hash, a receipt token. */
const MAX_CHARS = 500;

/** A stamp as it rests beside its events; an undefined one leaves an empty place, so that pointers still fit. */
export function storedStamp(stamp: unknown, scrub: Scrubber): StoredStamp {
  if (stamp === undefined) return { purposes: [], source: '', at: utcTime(0) };
  const { purposes, source, at, policy, receipt } = stamp as ConsentStamp;
  const text = (value: string): string => scrub.text(value.slice(0, MAX_CHARS));
  return {
    purposes: purposes.slice(0, 32).map(text),
    source: text(source),
    at: utcText(at),
    ...(typeof policy === 'string' && { policy_hash: policy.slice(0, MAX_CHARS) }),
    ...(typeof receipt === 'string' && { receipt_id: receipt.slice(0, MAX_CHARS) }),
  };
}
