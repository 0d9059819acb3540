import { readCoupon, writeCoupon } from './cart.js';
import { euros } from './euros.js';
import { fill } from './fill.js';
import { byId, part } from './part.js';
import { track } from './tracking.js';

/**
 * The coupon field of the cart. The form goes to the server, which answers with the cart's page again; here it is shown and
 * told. Of a refused code the reason is told and never the text: people type anything into fields.
 *
 * @param {Pick<import('./cart_page.js').CartData, 'coupon' | 'refused' | 'categories' | 't'>} data
 * @param {() => unknown} changed
 */
export function startCoupon({ coupon, refused, categories, t }, changed) {
  const says = byId('coupon-says');
  const off = byId('coupon-off');

  off.addEventListener('click', () => {
    const { code = '' } = readCoupon() ?? {};
    writeCoupon(undefined);
    track('coupon_removed', { coupon: code });
    changed();
    part(document, '#coupon [name]').focus();
  });

  if (coupon !== undefined) track('coupon_applied', { coupon: coupon.code });
  if (refused !== undefined) track('coupon_refused', { reason: refused });
  if (coupon !== undefined || refused !== undefined) history.replaceState(null, '', '/cart');

  const saysOf = (
    /** @type {import('./cart.js').Coupon} */ { code, percent, category, minimum = 0 },
    /** @type {number | undefined} */ missing,
  ) => {
    if (missing !== undefined) {
      return fill(t.couponMissing, { code, minimum: euros(minimum), missing: euros(missing) });
    }
    if (category === undefined) return fill(t.couponOn, { code, percent });
    return fill(t.couponOnItems, { code, percent, category: categories[category] ?? category });
  };

  return {
    /** @param {import('./pricing.js').Prices} prices */
    show({ missing }) {
      const held = readCoupon();
      off.hidden = held === undefined;
      if (held === undefined) says.textContent = refused === undefined ? '' : t[refused];
      else if (refused === undefined) says.textContent = saysOf(held, missing);
    },
  };
}
