import { randomBytes } from 'node:crypto';
import { VARIANTS } from './catalogue.mjs';
import { couponFor } from './content/coupons.mjs';
import { STORES } from './content/stores.mjs';
import { CURRENCY, PAYMENTS, priceCart, SHIPPING } from './public/pricing.js';
import { createRemembered } from './remembered.mjs';

/**
 * Orders. The server gives each its number and its price, from what it knows itself; of the browser it takes which goods and
 * how many, the coupon's code and the way of delivery. Names and addresses it would pass on to whoever packs: this example
 * keeps none of them.
 *
 * @typedef {object} Order
 * @property {Purchase} purchase  GA4's, for the page that tells of it
 * @property {readonly { readonly id: string, readonly quantity: number, readonly sum: number }[]} lines
 * @property {number} total  EUR
 * @property {string | undefined} store  where it is collected, if it is
 *
 * @typedef {object} Purchase
 * @property {string} transaction_id
 * @property {string} currency
 * @property {number} value
 * @property {number} tax
 * @property {number} shipping
 * @property {string} [coupon]
 * @property {string} payment_type
 * @property {import('./public/pricing.js').PricedItem[]} items
 */
const MOST_ORDERS = 1_000;
const MOST_UNITS = 99;

/** @param {() => Date} now */
export function createOrders(now) {
  /** @type {ReturnType<typeof createRemembered<Order>>} */
  const orders = createRemembered(MOST_ORDERS);

  /**
   * `W-<date>-<random>`: given by the server, as a real one gives it, so that a browser and a server may both tell of the
   * order and it is still one.
   */
  const newNumber = () => {
    const day = now().toISOString().slice(0, 10).replaceAll('-', '');
    let number = '';
    do number = `W-${day}-${randomBytes(4).toString('hex').toUpperCase()}`;
    while (orders.has(number));
    return number;
  };

  return {
    get: orders.get,

    /**
     * @param {URLSearchParams} form  as the checkout sends it
     * @returns {string | undefined} the order's number; nothing where the form does not hold together
     */
    place(form) {
      const shipping = /** @type {import('./public/pricing.js').Shipping} */ (form.get('shipping'));
      const payment = /** @type {keyof typeof PAYMENTS} */ (form.get('payment'));
      const wanted = form.getAll('line').map(lineOf);
      const lines = wanted.filter((line) => line !== undefined);
      const isWhole = lines.length > 0 && lines.length === wanted.length;
      if (!isWhole || !Object.hasOwn(SHIPPING, shipping) || !Object.hasOwn(PAYMENTS, payment)) return undefined;
      const store = shipping === 'pickup' ? STORES.find(({ id }) => id === form.get('store'))?.id : undefined;
      if (shipping === 'pickup' && store === undefined) return undefined;

      const found = couponFor(form.get('coupon') ?? '', now());
      const coupon = 'coupon' in found ? found.coupon : undefined;
      const cart = lines.map(({ item, quantity }) => ({ ...item, quantity }));
      const { items, value, tax, total, ...prices } = priceCart(cart, { coupon, shipping, store });
      const number = newNumber();
      orders.set(number, {
        purchase: {
          transaction_id: number,
          currency: CURRENCY,
          value,
          tax,
          shipping: prices.shipping,
          ...(prices.coupon !== undefined && { coupon: prices.coupon }),
          payment_type: PAYMENTS[payment],
          items,
        },
        lines: lines.map(({ id, quantity }, index) => {
          const { price = 0 } = items[index] ?? {};
          return { id, quantity, sum: Math.round(price * 100 * quantity) / 100 };
        }),
        total,
        store,
      });
      return number;
    },
  };
}

/** @param {string} text  `<variant>*<quantity>` */
function lineOf(text) {
  const [id = '', units = ''] = text.split('*');
  const quantity = Number(units);
  const item = VARIANTS.get(id)?.variant.item;
  const isFine = item !== undefined && Number.isInteger(quantity) && quantity >= 1 && quantity <= MOST_UNITS;
  return isFine ? { id, quantity, item } : undefined;
}
