import { readCoupon, readLines } from './cart.js';
import { part } from './part.js';
import { priceCart } from './pricing.js';

/**
 * What is in the cart, with the goods that the server put into the page.
 *
 * @typedef {Record<string, import('../pages/goods.mjs').Good>} Goods
 * @typedef {{ shipping?: import('./pricing.js').Shipping, store?: string | undefined }} Terms
 */

/**
 * The lines of the cart that can still be bought, and what they cost.
 *
 * @param {Goods} goods
 * @param {Terms} [terms]
 */
export function readCart(goods, terms = {}) {
  const lines = Object.entries(readLines()).filter(([id]) => goods[id] !== undefined);
  const cart = lines.map(([id, quantity]) => ({ ...goods[id].item, quantity }));
  return { ids: lines.map(([id]) => id), ...priceCart(cart, { ...terms, coupon: readCoupon() }) };
}

/** The picture of a good, painted in its colour. @param {Goods[string]} good */
export function pictureOf({ slug, colour }) {
  const picture = part(document, `template[data-slug="${slug}"]`).content.firstElementChild.cloneNode(true);
  picture.classList.add(colour);
  return picture;
}
