import type { StoredStamp } from '@parcours/store/log';
import type { Granted } from './consent/batch_consent.ts';
import { utcText, utcTime } from './enrich/clock.ts';
import type { Scrubber } from './scrub/scrub.ts';

/** The place of a stamp under which nothing is stored: it is kept, so that pointers still fit; its content is not. */
export const EMPTY_STAMP: StoredStamp = { purposes: [], source: '', at: utcTime(0) };

/**
 * A stamp as it rests beside its events: the purposes that were permitted, not those that the sender named.
 *
 * @param receipt the stamp's own, or the one that was made for it
 */
export const storedStamp = (
  { stamp: { source, at, policy }, purposes }: Granted,
  receipt: string | undefined,
  scrub: Scrubber,
): StoredStamp => ({
  purposes: [...purposes],
  source: scrub.text(source),
  at: utcText(at),
  ...(policy !== undefined && { policy_hash: policy }),
  ...(receipt !== undefined && { receipt_id: receipt }),
});
