/** Ids lately seen, the newest of them. */
export interface RecentIds {
  has(id: string): boolean;
  add(id: string): void;
}

/** Some 4 MB in both. A choice is told again within seconds by a browser that had no answer, within minutes by a page that is hidden. */
const PER_GENERATION = 20_000;

/**
 * Two generations: when the younger is full, the older is forgotten. Taking the oldest out of one set instead has each look for the
 * first one pass over all that were taken out before, up to 0.1 ms.
 *
 * @param perGeneration so many are known at least, at most twice as many
 */
export function createRecentIds(known: Iterable<string> = [], perGeneration = PER_GENERATION): RecentIds {
  let young = new Set<string>();
  let old = new Set<string>();
  const add = (id: string): void => {
    if (young.size >= perGeneration) {
      old = young;
      young = new Set();
    }
    young.add(id);
  };
  for (const id of known) add(id);
  return { has: (id) => young.has(id) || old.has(id), add };
}
