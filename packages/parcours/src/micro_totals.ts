import type { Totals } from '@parcours/collector/micro';

/** What a pipeline may refuse to be green with: each is counted since the start, whatever was reset. */
export const FAILABLE = ['failed', 'filtered', 'refused', 'dropped'] as const;

export type Failable = (typeof FAILABLE)[number];

/** The names of a list such as `failed,filtered`; the first that is none of them is given instead. */
export function readFailOn(list: string): readonly Failable[] | { readonly unknown: string } {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(FAILABLE as readonly string[]).includes(name));
  return unknown === undefined ? (names as Failable[]) : { unknown };
}

/** One line on everything that was seen. */
export function summaryLine(totals: Readonly<Totals>): string {
  const { received, accepted, duplicate, filtered, failed, retry, refused, dropped } = totals;
  return (
    `received ${received} = accepted ${accepted} + duplicate ${duplicate} + filtered ${filtered} + failed ${failed}` +
    ` + retry ${retry}; requests refused ${refused}; dropped by browsers ${dropped}`
  );
}
