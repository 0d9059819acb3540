/**
 * The day on which the choice of a TC string was made, by its `LastUpdated`: 36 bits from bit 42 on, in tenths of a second.
 * Of the last 24 hours nothing is said: strings have no more than the day, and its midnight lies before the choice.
 * Source: IAB Tech Lab, Consent string and vendor list formats v2, "The core string".
 */
export function dayOfTcString(tcString: unknown): number | undefined {
  const [, updated] = /^C[\w-]{6}([\w-]{6})/.exec(`${tcString}`) ?? [];
  if (!updated) return;
  let at = 0;
  for (const byte of atob(`AA${updated}`.replace(/-/g, '+').replace(/_/g, '/')))
    at = at * 256 + byte.charCodeAt(0) * 100;
  return Date.now() - at < 86_400_000 ? undefined : at;
}
