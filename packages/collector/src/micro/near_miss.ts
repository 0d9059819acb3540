import { type Difference, differences, type Filter, matches } from './filter.ts';
import type { Journal } from './journal.ts';
import type { SeenEvent } from './seen.ts';

/** An event of the type asked for that is not as asked, and where. */
export interface NearMiss {
  readonly event: SeenEvent;
  readonly differs: readonly Difference[];
}

/** How many near misses are told. */
const NEAREST = 3;

export const matching = (journal: Journal, filter: Filter): readonly SeenEvent[] =>
  journal.events().filter((event) => matches(event, filter));

/** The events of the type asked for that are as asked in all but the fewest fields, the newest of them first. */
export function nearMisses(journal: Journal, filter: Filter): readonly NearMiss[] {
  return journal
    .events()
    .filter(({ type }) => filter.type === undefined || type === filter.type)
    .map((event) => ({ event, differs: differences(event, filter) }))
    .filter(({ differs }) => differs.length > 0)
    .sort((a, b) => a.differs.length - b.differs.length || b.event.n - a.event.n)
    .slice(0, NEAREST);
}
