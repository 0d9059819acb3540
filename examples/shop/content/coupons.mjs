/**
 * Codes that lower prices. One without a category is the whole order's, and stands on the event; one with a category is the
 * items' that it lowers, and stands on them: GA4 knows both.
 *
 * @typedef {object} Coupon
 * @property {string} code
 * @property {number} percent    taken off each unit's price, 1 to 100
 * @property {string} [category] `item_category` that it is for
 * @property {number} [minimum]  EUR that the cart must come to without it
 * @property {string} [until]    last day, UTC
 */

/** @type {readonly Coupon[]} */
export const COUPONS = [
  { code: 'WELCOME10', percent: 10 },
  { code: 'SHOES15', percent: 15, category: 'Shoes' },
  { code: 'HIKE20', percent: 20, minimum: 300 },
  { code: 'SUMMER24', percent: 30, until: '2024-09-30' },
];

/**
 * @param {string} typed  however written
 * @param {Date} now
 * @returns {{ readonly coupon: Coupon } | { readonly refused: 'unknown' | 'expired' }}
 */
export function couponFor(typed, now) {
  const code = typed.trim().toUpperCase();
  const coupon = COUPONS.find((each) => each.code === code);
  if (coupon === undefined) return { refused: 'unknown' };
  const isOver = coupon.until !== undefined && now.toISOString().slice(0, 10) > coupon.until;
  return isOver ? { refused: 'expired' } : { coupon };
}
