/**
 * The order being placed, for this tab: what was in the cart, then the number that the shop gave it.
 *
 * @typedef {{ items: import('./items.js').Item[], transaction_id?: string }} Order
 */
const KEY = 'shop_order';

/** @returns {Order | undefined} */
export function readOrder() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param {Order} order */
export function writeOrder(order) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(order));
  } catch {
    // Storage is blocked: the order is placed, its sum is not shown.
  }
}
