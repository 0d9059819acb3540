import { readKept, writeKept } from './kept.js';

/**
 * The cart, in this browser. Nothing is written before the person puts something in: it is there because they asked.
 *
 * @typedef {Record<string, number>} Lines  units by variant id, in the order in which they came
 * @typedef {import('../content/coupons.mjs').Coupon} Coupon
 */
const LINES = 'shop_cart';
const COUPON = 'shop_coupon';
const MOST = 99;

/** @returns {Lines} */
export const readLines = () => readKept(LINES, /** @type {Lines} */ ({}));

/** The coupon that the server accepted. @returns {Coupon | undefined} */
export const readCoupon = () => readKept(COUPON, /** @type {Coupon | undefined} */ (undefined));

/** @param {Coupon | undefined} coupon */
export const writeCoupon = (coupon) => writeKept(COUPON, coupon);

/**
 * Adds, or takes away with a negative number; a line without units goes.
 *
 * @param {string} id  of a variant
 * @param {number} by  units
 * @returns {number} by how many units the line changed
 */
export function changeCart(id, by) {
  const lines = readLines();
  const before = lines[id] ?? 0;
  const after = Math.min(MOST, Math.max(0, before + by));
  if (after === 0) delete lines[id];
  else lines[id] = after;
  writeKept(LINES, Object.keys(lines).length === 0 ? undefined : lines);
  showCount();
  return after - before;
}

export function emptyCart() {
  writeKept(LINES, undefined);
  writeCoupon(undefined);
  showCount();
}

/** Shows how many units are in the cart, now and after each change here or in another tab. */
export function startCartCount() {
  showCount();
  addEventListener('storage', showCount);
  addEventListener('pageshow', showCount);
}

function showCount() {
  const count = Object.values(readLines()).reduce((sum, units) => sum + units, 0);
  for (const place of document.querySelectorAll('[data-cart-count]')) place.textContent = String(count);
}
