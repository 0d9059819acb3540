/**
 * What the browser keeps for the shop, as JSON under names that begin with `shop_`. Where storage is blocked nothing is kept,
 * and the shop goes on without.
 *
 * @template Value
 * @param {string} key
 * @param {Value} otherwise  what is given where nothing is kept, or nothing that can be read
 * @returns {Value}
 */
export function readKept(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? otherwise;
  } catch {
    return otherwise;
  }
}

/**
 * @param {string} key
 * @param {unknown} value  `undefined` removes
 */
export function writeKept(key, value) {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Blocked or full.
  }
}
