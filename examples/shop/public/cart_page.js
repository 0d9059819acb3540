import { changeCart, readLines, writeCoupon } from './cart.js';
import { startCoupon } from './coupon.js';
import { euros } from './euros.js';
import { fill } from './fill.js';
import { pictureOf, readCart } from './goods.js';
import { byId, newLine, part } from './part.js';
import { eventOf } from './pricing.js';
import { track } from './tracking.js';

/**
 * @typedef {import('../texts/en.mjs').Texts['cartPage']} T
 * @typedef {import('./pricing.js').PricedItem} PricedItem
 *
 * @typedef {object} CartData
 * @property {import('./goods.js').Goods} goods
 * @property {import('../content/coupons.mjs').Coupon} [coupon]  accepted just now
 * @property {'unknown' | 'expired'} [refused]
 * @property {Readonly<Record<string, string>>} categories  as people read them, by `item_category`
 * @property {T} t
 */

/**
 * The cart's page: lines that can be changed, the coupon, and the way to the order.
 *
 * @param {CartData} data
 */
export function startCartPage({ goods, coupon, refused, categories, t }) {
  if (coupon !== undefined) writeCoupon(coupon);
  const lines = byId('lines');

  const show = () => {
    const cart = readCart(goods);
    for (const line of [...lines.children]) {
      if (!cart.ids.includes(line.dataset.id ?? '')) line.remove();
    }
    cart.ids.forEach((id, index) => {
      const item = cart.items[index];
      const line = part(lines, `[data-id="${id}"]`) ?? lines.appendChild(lineOf(id));
      part(line, '[data-quantity]').textContent = String(item.quantity);
      part(line, '[data-each]').textContent = fill(t.each, { price: euros(item.price) });
      part(line, '[data-sum]').textContent = euros((Math.round(item.price * 100) * item.quantity) / 100);
    });
    const isEmpty = cart.ids.length === 0;
    byId('empty').hidden = !isEmpty;
    byId('filled').hidden = isEmpty;
    byId('goods').textContent = euros(cart.value + cart.saved);
    byId('saved-row').hidden = cart.saved === 0;
    byId('saved').textContent = `− ${euros(cart.saved)}`;
    byId('total').textContent = euros(cart.value);
    coupons.show(cart);
    return cart;
  };

  const change = (/** @type {string} */ id, /** @type {number} */ by) => {
    const before = readCart(goods);
    const item = before.items[before.ids.indexOf(id)];
    const units = changeCart(id, by);
    if (units === 0) return;
    const items = [{ ...item, quantity: Math.abs(units) }];
    track(units > 0 ? 'add_to_cart' : 'remove_from_cart', eventOf(items));
    show();
    const { name } = goods[id];
    const left = readLines()[id] ?? 0;
    byId('changed').textContent = fill(left === 0 ? t.removed : t.nowInCart, { name, count: left });
    // The keyboard stays in the cart when the line it was on goes.
    if (left === 0) part(document, '#lines a, #empty:not([hidden]) a').focus();
  };

  const lineOf = (/** @type {string} */ id) => {
    const good = goods[id];
    const line = newLine();
    line.dataset.id = id;
    part(line, '[data-picture]').replaceWith(pictureOf(good));
    const link = part(line, '[data-name]');
    link.textContent = good.name;
    link.setAttribute('href', `/product/${good.slug}`);
    part(line, '[data-label]').textContent = good.label;
    const name = `${good.name}, ${good.label}`;
    const buttons = /** @type {const} */ ([
      ['[data-step="-1"]', t.less, () => -1],
      ['[data-step="1"]', t.more, () => 1],
      ['[data-remove]', t.removeIt, () => -(readLines()[id] ?? 0)],
    ]);
    for (const [selector, label, by] of buttons) {
      const button = part(line, selector);
      button.setAttribute('aria-label', fill(label, { name }));
      button.addEventListener('click', () => change(id, by()));
    }
    return line;
  };

  const coupons = startCoupon({ coupon, refused, categories, t }, show);
  addEventListener('storage', show);
  addEventListener('pageshow', show);
  const { items, coupon: code } = show();
  track('view_cart', eventOf(items, code));
}
