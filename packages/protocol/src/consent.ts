/**
 * The purposes a visitor may grant, in the project's own vocabulary (mapped to TCF, Consent Mode and Shopify by policy).
 * `necessary` needs no grant and unlocks nothing but the consent record itself.
 */
export const PURPOSES = [
  'necessary',
  'audience_exempt',
  'audience',
  'personalisation',
  'ads_measurement',
  'ads_share',
  'crm_join',
] as const;

export type Purpose = (typeof PURPOSES)[number];

/** Three values, and only `granted` permits anything: unknown is never granted. */
export type PurposeState = 'granted' | 'denied' | 'unknown';

/** A visitor's choice as a site states it: `true` grants, `false` denies, a missing purpose stays unknown. */
export type Choice = { readonly [purpose in Purpose]?: boolean | undefined };

/** What was permitted when an event was captured: sent once a batch, frozen, and pointed at by its events. */
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
}

/** Whether a stamp grants one purpose. */
export const grants = (stamp: { readonly purposes: readonly string[] }, purpose: Purpose): boolean =>
  stamp.purposes.includes(purpose);

/**
 * Why a stamp proves nothing, or nothing if it stands: the fail-closed reading of whatever was sent.
 *
 * @param stamp  what stands in the batch where the event points, of any shape
 * @param now    the reader's clock, ms since the epoch
 * @param limits days a choice stands, and tolerated clock lead in ms
 */
export function stampFault(
  stamp: unknown,
  now: number,
  { choiceDays, futureMs }: { readonly choiceDays: number; readonly futureMs: number },
): 'consent_missing' | 'consent_malformed' | 'consent_expired' | undefined {
  if (stamp === undefined || stamp === null) return 'consent_missing';
  if (typeof stamp !== 'object') return 'consent_malformed';
  const { purposes, source, at } = stamp as Partial<Record<keyof ConsentStamp, unknown>>;
  if (!Array.isArray(purposes) || !purposes.every((purpose) => typeof purpose === 'string')) return 'consent_malformed';
  if (typeof source !== 'string' || source === '' || typeof at !== 'string') return 'consent_malformed';
  const chosenAt = Date.parse(at);
  if (Number.isNaN(chosenAt) || chosenAt > now + futureMs) return 'consent_malformed';
  return now - chosenAt > choiceDays * 86_400_000 ? 'consent_expired' : undefined;
}
