import { emptyCart } from './cart.js';
import { readKept, writeKept } from './kept.js';
import { track } from './tracking.js';

const TOLD = 'shop_orders_told';
const MOST = 20;

/**
 * The order is placed: told once, however often its page is loaded, in this tab or in another. That `transaction_id` is the
 * server's own lets reports count it once too, should the server tell it as well.
 *
 * @param {{ purchase: { transaction_id: string } }} order
 */
export function startConfirmation({ purchase }) {
  const told = readKept(TOLD, /** @type {string[]} */ ([]));
  if (told.includes(purchase.transaction_id)) return;
  writeKept(TOLD, [...told, purchase.transaction_id].slice(-MOST));
  emptyCart();
  track('purchase', purchase);
}
