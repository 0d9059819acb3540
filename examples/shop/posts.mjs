import { couponFor } from './content/coupons.mjs';

/**
 * What the forms of the shop do, by path: each answers with where to go next, so that a reload sends nothing again.
 *
 * @typedef {{ readonly to: string, readonly cookie?: string } | undefined} Outcome  nothing for a form that is wrong
 *
 * @param {{
 *   readonly orders: ReturnType<typeof import('./orders.mjs').createOrders>,
 *   readonly customers: ReturnType<typeof import('./customers.mjs').createCustomers>,
 *   readonly now: () => Date,
 * }} shop
 * @returns {Readonly<Record<string, (form: URLSearchParams, cookies: string | undefined) => Outcome>>}
 */
export const createPosts = ({ orders, customers, now }) => ({
  // What was typed does not go into the address: it may be anything.
  '/coupon': (form) => {
    const found = couponFor(form.get('code') ?? '', now());
    return { to: 'coupon' in found ? `/cart?coupon=${found.coupon.code}` : `/cart?refused=${found.refused}` };
  },
  '/orders': (form) => {
    const order = orders.place(form);
    return order === undefined ? undefined : { to: `/confirmation?order=${order}` };
  },
  '/login': (form) => {
    const email = form.get('email') ?? '';
    return email === '' ? undefined : { to: '/account', cookie: customers.login(email) };
  },
  '/logout': (_form, cookies) => ({ to: '/account', cookie: customers.logout(cookies) }),
});
