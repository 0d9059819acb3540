/** A bounded memory of what was used lately. */
export interface RecentlyUsed<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
}

/**
 * Two generations: what is found in the older moves to the younger, and when the younger is full the older is forgotten.
 * That keeps what is in use at the price of one look, where a strict order would be written anew at each.
 *
 * @param perGeneration entries of one generation, so that at most twice as many are held
 */
export function createRecentlyUsed<Value>(perGeneration: number): RecentlyUsed<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  const set = (key: string, value: Value): void => {
    if (young.size >= perGeneration && !young.has(key)) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
  };
  return {
    get(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      const older = old.get(key);
      if (older !== undefined) set(key, older);
      return older;
    },
    set,
  };
}
