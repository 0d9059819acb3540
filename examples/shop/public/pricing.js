/**
 * What a cart costs. The browser shows it, the server charges it: both run this file.
 *
 * @typedef {import('../catalogue.mjs').Item} Item
 * @typedef {import('../content/coupons.mjs').Coupon} Coupon
 * @typedef {Item & { quantity: number, coupon?: string, location_id?: string }} PricedItem
 * @typedef {keyof typeof SHIPPING} Shipping
 *
 * @typedef {object} Prices  amounts in EUR, tax included
 * @property {PricedItem[]} items  GA4's, with price and discount a unit
 * @property {number} value        sum of price x quantity, as GA4 wants it: no shipping
 * @property {number} saved        what the coupon takes off
 * @property {string} [coupon]     of the whole order
 * @property {number} [missing]    what the cart still needs before the coupon holds
 * @property {number} shipping
 * @property {number} tax          contained in value and shipping
 * @property {number} total        value and shipping
 */

export const CURRENCY = 'EUR';

/** VAT in France, percent. Prices contain it. */
const VAT = 20;

/** Ways of delivery: GA4's `shipping_tier`, and the price. `freeFrom`: EUR of goods from which it costs nothing. */
export const SHIPPING = {
  standard: { tier: 'Standard', price: 4.9, freeFrom: 100 },
  express: { tier: 'Express', price: 9.9, freeFrom: Number.POSITIVE_INFINITY },
  pickup: { tier: 'Store pickup', price: 0, freeFrom: 0 },
};

/** Means of payment: GA4's `payment_type`. */
export const PAYMENTS = { card: 'Card', paypal: 'PayPal', store: 'In store' };

/**
 * All in cents: binary fractions add up to 389.69999999999993.
 *
 * @param {readonly (Item & { quantity: number })[]} cart
 * @param {{ readonly coupon?: Coupon | undefined, readonly shipping?: Shipping | undefined, readonly store?: string | undefined }} [terms]
 *   `store`: where it is collected, if it is
 * @returns {Prices}
 */
export function priceCart(cart, { coupon, shipping, store } = {}) {
  const before = sumOf(cart);
  const missing = Math.max(0, cents(coupon?.minimum ?? 0) - before);
  const held = missing === 0 ? coupon : undefined;
  const items = cart.map((item) => ({ ...withCoupon(item, held), ...(store !== undefined && { location_id: store }) }));
  const value = sumOf(items);
  const way = shipping && SHIPPING[shipping];
  const freight = way && value > 0 && value < cents(way.freeFrom) ? cents(way.price) : 0;
  return {
    items,
    value: value / 100,
    saved: (before - value) / 100,
    ...(held !== undefined && held.category === undefined && { coupon: held.code }),
    ...(missing > 0 && { missing: missing / 100 }),
    shipping: freight / 100,
    tax: Math.round(((value + freight) * VAT) / (100 + VAT)) / 100,
    total: (value + freight) / 100,
  };
}

/**
 * The part of an e-commerce event that says what it is about. GA4: `value` needs `currency`.
 *
 * @param {readonly PricedItem[]} items
 * @param {string} [coupon]
 */
export const eventOf = (items, coupon) => ({
  currency: CURRENCY,
  value: sumOf(items) / 100,
  ...(coupon !== undefined && { coupon }),
  items,
});

/** GA4: `price` is what is left to pay for a unit, `discount` what was taken off it. */
const withCoupon = (item, coupon) => {
  if (coupon === undefined || (coupon.category !== undefined && coupon.category !== item.item_category)) return item;
  const price = cents(item.price);
  const off = Math.round((price * coupon.percent) / 100);
  return {
    ...item,
    price: (price - off) / 100,
    discount: (cents(item.discount ?? 0) + off) / 100,
    ...(coupon.category !== undefined && { coupon: coupon.code }),
  };
};

const sumOf = (items) => items.reduce((sum, { price, quantity }) => sum + cents(price) * quantity, 0);

/** @param {number} amount EUR */
const cents = (amount) => Math.round(amount * 100);
