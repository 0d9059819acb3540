import { emptyCart } from './cart.js';
import { CURRENCY, formatPrice, sumOf } from './items.js';
import { readOrder, writeOrder } from './order.js';
import { track } from './tracking.js';

/** The order is placed: told once, however often the page is loaded again. */
export function startConfirmation() {
  const number = /** @type {HTMLElement | null} */ (document.querySelector('[data-order]'))?.dataset.order;
  const order = readOrder();
  if (number === undefined || order === undefined) return;
  const value = sumOf(order.items);
  if (order.transaction_id === undefined) {
    writeOrder({ ...order, transaction_id: number });
    emptyCart();
    track('purchase', { transaction_id: number, currency: CURRENCY, value, items: order.items });
  } else if (order.transaction_id !== number) {
    return;
  }
  const paid = /** @type {HTMLElement} */ (document.getElementById('paid'));
  paid.textContent = `${formatPrice(value)}, to pay when you collect it.`;
}
