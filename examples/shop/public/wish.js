import { readKept, writeKept } from './kept.js';
import { byId } from './part.js';
import { eventOf } from './pricing.js';
import { track } from './tracking.js';

/** @typedef {import('../catalogue.mjs').Variant} Variant */

const KEY = 'shop_wishes';

/** Ids of the variants that are wished for, the newest last. @returns {string[]} */
export const readWishes = () => readKept(KEY, /** @type {string[]} */ ([]));

/**
 * Puts a variant on the list or takes it off, and tells it: GA4 has a name for the one, not for the other.
 *
 * @param {string} id
 * @param {import('../catalogue.mjs').Item} item
 * @param {boolean} isWished
 */
export function wish(id, item, isWished) {
  const others = readWishes().filter((each) => each !== id);
  const wishes = isWished ? [...others, id] : others;
  writeKept(KEY, wishes.length === 0 ? undefined : wishes);
  track(isWished ? 'add_to_wishlist' : 'remove_from_wishlist', eventOf([{ ...item, quantity: 1 }]));
}

/**
 * The button of a product's page.
 *
 * @param {() => Variant} chosen
 * @param {{ wish: string, wished: string }} t
 */
export function startWish(chosen, t) {
  const button = byId('wish');
  const show = () => {
    const isWished = readWishes().includes(chosen().id);
    button.setAttribute('aria-pressed', String(isWished));
    button.textContent = isWished ? t.wished : t.wish;
  };
  button.addEventListener('click', () => {
    const { id, item } = chosen();
    wish(id, item, !readWishes().includes(id));
    show();
  });
  return { show };
}
