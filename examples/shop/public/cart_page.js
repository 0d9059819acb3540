import { changeCart, readCart } from './cart.js';
import { CURRENCY, formatPrice, itemOf, sumOf } from './items.js';
import { writeOrder } from './order.js';
import { track } from './tracking.js';

/** @typedef {import('./items.js').Item} Item */

/** The cart's page: lines that can be changed, and the way to the order. */
export function startCartPage() {
  const lines = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.line')]);
  const checkout = /** @type {HTMLFormElement} */ (document.getElementById('checkout'));
  const changed = /** @type {HTMLElement} */ (document.getElementById('changed'));

  const show = () => {
    for (const line of lines) showLine(line);
    const items = cartItems(lines);
    checkout.hidden = items.length === 0;
    byId('empty').hidden = items.length > 0;
    byId('total').textContent = formatPrice(sumOf(items));
  };

  const change = (/** @type {HTMLElement} */ line, /** @type {number} */ by) => {
    const item = withLine(itemOf(line));
    const units = changeCart(item.item_id, by);
    if (units === 0) return;
    const items = [{ ...item, quantity: Math.abs(units) }];
    track(units > 0 ? 'add_to_cart' : 'remove_from_cart', { currency: CURRENCY, value: sumOf(items), items });
    show();
    const left = readCart()[item.item_id]?.quantity ?? 0;
    changed.textContent = left === 0 ? `${item.item_name} removed.` : `${item.item_name}: ${left}.`;
    if (left === 0) focusAfterRemoval(lines);
  };

  for (const line of lines) {
    for (const step of line.querySelectorAll('button')) {
      const all = step.hasAttribute('data-remove');
      step.addEventListener('click', () => change(line, all ? -quantityOf(line) : Number(step.dataset.step)));
    }
  }

  checkout.addEventListener('submit', () => {
    const items = cartItems(lines);
    writeOrder({ items });
    track('begin_checkout', { currency: CURRENCY, value: sumOf(items), items });
  });

  addEventListener('storage', show);
  addEventListener('pageshow', show);
  show();
  const items = cartItems(lines);
  track('view_cart', { currency: CURRENCY, value: sumOf(items), items });
}

/** @param {HTMLElement} line */
function showLine(line) {
  const item = withLine(itemOf(line));
  line.hidden = item.quantity === undefined;
  part(line, '[data-quantity]').textContent = String(item.quantity ?? 0);
  part(line, '[data-variant]').textContent = item.item_variant === undefined ? '' : `Size ${item.item_variant}`;
  part(line, '[data-sum]').textContent = formatPrice(sumOf([item]));
}

/** The keyboard stays in the cart when the line it was on goes. @param {readonly HTMLElement[]} lines */
function focusAfterRemoval(lines) {
  const next = lines.find(({ hidden }) => !hidden) ?? byId('empty');
  next.querySelector('a')?.focus();
}

/** @param {readonly HTMLElement[]} lines */
const cartItems = (lines) =>
  lines.map((line) => withLine(itemOf(line))).filter(({ quantity }) => quantity !== undefined);

/** @param {HTMLElement} line */
const quantityOf = (line) => withLine(itemOf(line)).quantity ?? 0;

/**
 * The item with what the cart says of it; without a quantity if it is not in the cart.
 *
 * @param {Item} item
 * @returns {Item}
 */
function withLine(item) {
  const line = readCart()[item.item_id];
  if (line === undefined) return item;
  return { ...item, quantity: line.quantity, ...(line.size === undefined ? {} : { item_variant: line.size }) };
}

const part = (/** @type {HTMLElement} */ line, /** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (line.querySelector(selector));

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
