import { readCoupon, readLines } from './cart.js';
import { startSteps } from './checkout_steps.js';
import { euros } from './euros.js';
import { readCart } from './goods.js';
import { byId, newLine, part } from './part.js';
import { eventOf, PAYMENTS, SHIPPING } from './pricing.js';
import { track } from './tracking.js';

/**
 * The checkout: begun when the page comes; the way of delivery and the means of payment are told when they are settled.
 * Nothing of what is typed goes into an event.
 *
 * @param {{ goods: import('./goods.js').Goods, t: import('../texts/en.mjs').Texts['checkout'] }} data
 */
export function startCheckout({ goods, t }) {
  const delivery = byId('checkout_delivery');
  const payment = byId('checkout_payment');

  const cart = () => readCart(goods, termsOf(new FormData(delivery)));

  const show = () => {
    const { ids, items, ...sums } = cart();
    byId('empty').hidden = ids.length > 0;
    byId('filled').hidden = ids.length === 0;
    byId('lines').replaceChildren(...ids.map((id, index) => brief(goods[id], items[index])));
    byId('saved-row').hidden = sums.saved === 0;
    byId('saved').textContent = `− ${euros(sums.saved)}`;
    byId('shipping').textContent = sums.shipping === 0 ? t.free : euros(sums.shipping);
    byId('total').textContent = euros(sums.total);
    byId('tax').textContent = euros(sums.tax);
    showFields();
  };

  /** Fields that do not belong to the way chosen are off: neither asked for nor sent. */
  const showFields = () => {
    const isPickup = new FormData(delivery).get('shipping') === 'pickup';
    setOff(byId('home'), isPickup);
    setOff(byId('pickup'), !isPickup);
    const atTill = part(payment, '[data-way="store"]');
    atTill.hidden = !isPickup;
    part(atTill, 'input').disabled = !isPickup;
    if (part(payment, 'input:checked:enabled') === null) part(payment, 'input').checked = true;
  };

  const tell = (/** @type {string} */ type, /** @type {Record<string, string>} */ more = {}) => {
    const { items, coupon } = cart();
    track(type, { ...eventOf(items, coupon), ...more });
  };

  const settled = [
    () => {},
    () => tell('add_shipping_info', { shipping_tier: SHIPPING[chosenIn(new FormData(delivery), 'shipping')].tier }),
    () => tell('add_payment_info', { payment_type: PAYMENTS[chosenIn(new FormData(payment), 'payment')] }),
  ];

  delivery.addEventListener('change', show);
  addEventListener('storage', show);
  addEventListener('pageshow', show);
  show();
  if (cart().ids.length === 0) return;
  tell('begin_checkout');
  startSteps((step) => settled[step]?.(), linesAndCoupon);
}

/** What the order is made of, beside what was typed: the server prices it. */
function linesAndCoupon() {
  const lines = Object.entries(readLines()).map(([id, quantity]) => ['line', `${id}*${quantity}`]);
  const coupon = readCoupon();
  return coupon === undefined ? lines : [...lines, ['coupon', coupon.code]];
}

/** @param {FormData} form @returns {import('./goods.js').Terms} */
function termsOf(form) {
  const store = form.get('store');
  return { shipping: chosenIn(form, 'shipping'), ...(store !== null && { store: String(store) }) };
}

/** @param {FormData} form @param {string} name @returns {any} a value that the page wrote */
const chosenIn = (form, name) => form.get(name);

const setOff = (/** @type {HTMLElement} */ fields, /** @type {boolean} */ isOff) => {
  fields.hidden = isOff;
  fields.disabled = isOff;
};

/**
 * @param {import('./goods.js').Goods[string] | undefined} good
 * @param {import('./pricing.js').PricedItem | undefined} item
 */
function brief(good, item) {
  const line = newLine();
  const { quantity = 0, price = 0 } = item ?? {};
  part(line, '[data-what]').textContent = `${quantity} × ${good?.name}, ${good?.label}`;
  part(line, '[data-sum]').textContent = euros((Math.round(price * 100) * quantity) / 100);
  return line;
}
