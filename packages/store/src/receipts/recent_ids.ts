/** Ids lately seen, the newest of them. */
export interface RecentIds {
  has(id: string): boolean;
  add(id: string): void;
}

/** Some 10 MB. A choice is told again within seconds, by a browser that had no answer. */
const MAX_IDS = 100_000;

export function createRecentIds(known: Iterable<string> = [], maxIds = MAX_IDS): RecentIds {
  const ids = new Set<string>();
  const add = (id: string): void => {
    ids.add(id);
    // A set gives its members in the order in which they came.
    if (ids.size > maxIds) for (const oldest of ids) return void ids.delete(oldest);
  };
  for (const id of known) add(id);
  return { has: (id) => ids.has(id), add };
}
