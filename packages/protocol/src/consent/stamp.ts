import { LIMITS } from '../limits.ts';
import type { Purpose } from './purposes.ts';

/**
 * What was permitted when an event was captured: sent once a batch, frozen, and pointed at by its events.
 *
 * One without `receipt` tells its choice for the first time, with what is known of it; the collector makes the receipt and
 * answers it. From then on stamps of that choice name the receipt and leave the rest out.
 */
export interface ConsentStamp {
  /** The purposes granted at capture. */
  purposes: string[];
  /** The consent source that said so, such as `manual` or `tcf`. */
  source: string;
  /** When the choice was made, RFC 3339. */
  at: string;
  /** Hash of the policy in force at capture. */
  policy?: string | undefined;
  /** The collector's receipt for the choice. */
  receipt?: string | undefined;
  /** The purposes that were asked for and not granted. */
  denied?: string[] | undefined;
  /** The choice as a standard writes it, such as a TC string. */
  consent_string?: string | undefined;
  /** Version of the consent manager, or of its settings. */
  source_version?: string | undefined;
  /** Hash of the notice that the visitor was shown. */
  notice_hash?: string | undefined;
  /** Language in which it was shown, BCP 47. */
  language?: string | undefined;
}

/** Whether a stamp grants one purpose. */
export const grants = (stamp: { readonly purposes: readonly string[] }, purpose: Purpose): boolean =>
  stamp.purposes.includes(purpose);

const DAY_MS = 86_400_000;

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** A list of short texts. */
const isNames = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length <= LIMITS.stampPurposes &&
  value.every((name) => typeof name === 'string' && name.length <= LIMITS.stampChars);

const isShort = (value: unknown, chars: number = LIMITS.stampChars): boolean =>
  value === undefined || (typeof value === 'string' && value.length <= chars);

/**
 * Why a stamp proves nothing, or nothing if it stands: the fail-closed reading of whatever was sent.
 *
 * @param stamp  what stands in the batch where the event points, of any shape
 * @param now    the clock that dated the choice, ms since the epoch
 * @param limits days a choice stands, and tolerated clock lead in ms
 */
export function stampFault(
  stamp: unknown,
  now: number,
  { choiceDays, futureMs }: { readonly choiceDays: number; readonly futureMs: number },
): 'consent_missing' | 'consent_malformed' | 'consent_expired' | undefined {
  if (stamp === undefined || stamp === null) return 'consent_missing';
  if (typeof stamp !== 'object') return 'consent_malformed';
  const { purposes, source, at, policy, receipt, denied, ...more } = stamp as Record<keyof ConsentStamp, unknown>;
  if (!isNames(purposes) || !(denied === undefined || isNames(denied))) return 'consent_malformed';
  if (typeof source !== 'string' || source === '' || !isShort(source)) return 'consent_malformed';
  // Other ways to write a date are of any length, and some of them are read in the zone of whoever reads.
  if (typeof at !== 'string' || !isShort(at) || !RFC_3339.test(at)) return 'consent_malformed';
  if (!isShort(policy) || !isShort(receipt) || !isShort(more.source_version)) return 'consent_malformed';
  if (!isShort(more.notice_hash) || !isShort(more.language)) return 'consent_malformed';
  if (!isShort(more.consent_string, LIMITS.consentStringChars)) return 'consent_malformed';
  const chosenAt = Date.parse(at);
  if (Number.isNaN(chosenAt) || chosenAt > now + futureMs) return 'consent_malformed';
  return now - chosenAt > choiceDays * DAY_MS ? 'consent_expired' : undefined;
}
