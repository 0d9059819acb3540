const FIRST_MS = 1_000;
/** No wait is longer, whatever the collector asks. */
export const LONGEST_MS = 300_000;
/** While somebody looks at the page, tries are at most this far apart. */
export const LONGEST_VISIBLE_MS = 30_000;

/**
 * Ms to wait before the next try: doubling, with jitter, and never less than the collector asked.
 *
 * @param failures failed tries in a row, from 1
 * @param longest  where doubling ends, ms
 * @param asked    ms that the collector asked for, 0 for none
 */
export const retryDelay = (failures: number, longest: number, asked: number): number =>
  Math.max(asked, Math.min(longest, FIRST_MS * 2 ** (failures - 1)) * (0.5 + Math.random() / 2));

/**
 * A `Retry-After` in ms from now, 0 where it says nothing: seconds or an HTTP date.
 * Source: RFC 9110, 10.2.3.
 */
export function retryAfter(header: string | null): number {
  const ms = +header! * 1000 || Date.parse(header!) - Date.now();
  return Math.max(0, Math.min(ms, LONGEST_MS)) || 0;
}
