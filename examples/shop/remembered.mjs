/**
 * A map that holds so many and no more: beyond that the oldest goes. What a real shop keeps in its database.
 *
 * @template Value
 * @param {number} most
 */
export function createRemembered(most) {
  /** @type {Map<string, Value>} */
  const known = new Map();
  return {
    /** @param {string | undefined} key */
    get: (key) => (key === undefined ? undefined : known.get(key)),
    /** @param {string} key */
    has: (key) => known.has(key),
    /**
     * @param {string} key
     * @param {Value} value
     */
    set(key, value) {
      known.set(key, value);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
    /** @param {string | undefined} key */
    delete: (key) => key !== undefined && known.delete(key),
  };
}
