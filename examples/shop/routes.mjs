import { couponFor } from './content/coupons.mjs';
import { behindCode } from './content/stores.mjs';
import { account } from './pages/account.mjs';
import { cart } from './pages/cart.mjs';
import { checkout } from './pages/checkout.mjs';
import { confirmation } from './pages/confirmation.mjs';
import { home } from './pages/home.mjs';
import { product } from './pages/product.mjs';
import { list } from './pages/product_list.mjs';
import { rough, slow } from './pages/rough.mjs';
import { searchPage } from './pages/search.mjs';
import { stores } from './pages/stores.mjs';
import { wishlist } from './pages/wishlist.mjs';

/**
 * Who asks, and how.
 *
 * @typedef {object} Asked
 * @property {URLSearchParams} query
 * @property {import('./language.mjs').Reader} reader
 * @property {string | undefined} customer
 * @property {(number: string | undefined) => import('./orders.mjs').Order | undefined} orderAt
 * @property {Date} now
 *
 * @typedef {import('./pages/layout.mjs').Page} Page
 */

const SLOW_MS = 3_000;
const SLOWEST_MS = 10_000;

/** Pages by the first part of their path, which may have one part more. */
const PAGES = /** @type {Record<string, (asked: Asked, name?: string) => Page | undefined>} */ ({
  '': ({ reader }) => home(reader),
  products: ({ reader }, name) => list(name, reader),
  product: ({ reader, query }, name) => (name === undefined ? undefined : product(name, query.get('pc_place'), reader)),
  search: ({ reader, query }) => searchPage(termOf(query), reader),
  cart: ({ reader, query, now }) => {
    const found = couponFor(query.get('coupon') ?? '', now);
    const refused = query.get('refused');
    return cart(
      'coupon' in found ? found.coupon : undefined,
      refused === 'unknown' || refused === 'expired' ? refused : undefined,
      reader,
    );
  },
  checkout: ({ reader }) => checkout(reader),
  confirmation: ({ reader, query, orderAt }) => confirmation(orderAt(query.get('order') ?? undefined), reader),
  wishlist: ({ reader }) => wishlist(reader),
  account: ({ reader, customer }) => account(customer, reader),
  stores: ({ reader }) => stores(reader),
  rough: ({ reader }) => rough(reader),
  slow: ({ reader, query }) => slow(delayOf(query), reader),
});

/** Pages whose path goes on. */
const DEEP = new Set(['products', 'product']);

/**
 * @param {string} path
 * @param {Asked} asked
 * @returns {Page | undefined} nothing where there is none
 */
export function pageAt(path, asked) {
  const [, section = '', name, ...rest] = path.split('/');
  const isTooDeep = rest.length > 0 || (name !== undefined && !DEEP.has(section));
  return isTooDeep || !Object.hasOwn(PAGES, section) ? undefined : PAGES[section]?.(asked, name);
}

/**
 * Where a path leads instead of being a page: a printed code to its product, a later step of the checkout, whose document
 * alone knows what was typed, to the first.
 *
 * @param {string} path
 */
export function elsewhere(path) {
  if (path.startsWith('/qr/')) return behindCode(path.slice('/qr/'.length));
  return path === '/checkout/delivery' || path === '/checkout/payment' ? '/checkout' : undefined;
}

/** Ms before the answer is sent. @param {string} path @param {URLSearchParams} query */
export const waitAt = (path, query) => (path === '/slow' ? delayOf(query) : 0);

/** What is searched for. @param {URLSearchParams} query */
export const termOf = (query) => (query.get('q') ?? '').trim().slice(0, 100);

/** `?ms=`, 3 s if absent, 10 s at the most. @param {URLSearchParams} query */
const delayOf = (query) => {
  const ms = Number(query.get('ms') ?? SLOW_MS);
  return Number.isFinite(ms) ? Math.min(SLOWEST_MS, Math.max(0, Math.round(ms))) : SLOW_MS;
};
