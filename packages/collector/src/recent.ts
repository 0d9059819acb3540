/**
 * The ids that were accepted lately, so that a retry is told `duplicate` instead of being stored again.
 * A courtesy that saves disk: the loader is what keeps events single. Bounded: two generations, the older is forgotten.
 */
export interface RecentEvents {
  /** `new`, `known` (on disk), or a promise while another request is storing it: true once it is on disk. */
  look(id: string): 'new' | 'known' | Promise<boolean>;
  /** Marks ids as being stored; `done` tells how it ended. */
  begin(ids: readonly string[], done: Promise<boolean>): void;
}

/** @param perGeneration ids before the older generation is dropped; about 100 bytes each. Default 100,000. */
export function createRecentEvents(perGeneration = 100_000): RecentEvents {
  let young = new Set<string>();
  let old = new Set<string>();
  const inFlight = new Map<string, Promise<boolean>>();
  const remember = (id: string): void => {
    if (young.size >= perGeneration) {
      old = young;
      young = new Set();
    }
    young.add(id);
  };
  return {
    look: (id) => (young.has(id) || old.has(id) ? 'known' : (inFlight.get(id) ?? 'new')),
    begin(ids, done) {
      for (const id of ids) inFlight.set(id, done);
      void done.then((stored) => {
        for (const id of ids) {
          inFlight.delete(id);
          if (stored) remember(id);
        }
      });
    },
  };
}
