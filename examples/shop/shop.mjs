import { createHash, randomBytes } from 'node:crypto';
import { cart } from './pages/cart.mjs';
import { confirmation } from './pages/confirmation.mjs';
import { home } from './pages/home.mjs';
import { layout } from './pages/layout.mjs';
import { notFound } from './pages/not_found.mjs';
import { product } from './pages/product.mjs';
import { list } from './pages/product_list.mjs';

/**
 * @typedef {object} ShopOptions
 * @property {string} collectorUrl  where the collector listens; its origin is let through the content security policy
 * @property {string} stub          text of the SDK's stub, put into every page; empty for none
 * @property {ReadonlyMap<string, PublicFile>} files  what is served as it is, by path
 *
 * @typedef {{ readonly type: string, readonly body: Buffer }} PublicFile
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 */

const ORDER = /^W-\d{8}-[0-9A-F]{6}$/;

/**
 * The shop as a request listener of `node:http`. It keeps nothing: the cart is the browser's.
 *
 * @param {ShopOptions} options
 * @returns {(request: Request, response: Response) => void}
 */
export function createShop({ collectorUrl, stub, files }) {
  const collector = new URL(collectorUrl).origin;

  return (request, response) => {
    request.resume();
    const { pathname, searchParams } = addressOf(request);
    if (pathname === '/orders' && request.method === 'POST') {
      response.writeHead(303, { location: `/confirmation?order=${newOrder(new Date())}` }).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const file = files.get(pathname);
    if (file !== undefined) {
      sendFile(request, response, file);
      return;
    }
    const page = pageAt(pathname, searchParams) ?? notFound();
    const nonce = randomBytes(16).toString('base64');
    response
      .writeHead(page.status ?? 200, {
        'content-type': 'text/html; charset=utf-8',
        // Not no-store, which would keep the page out of the browser's back and forward cache.
        'cache-control': 'no-cache',
        'content-security-policy': policy(nonce, collector),
        'referrer-policy': 'strict-origin-when-cross-origin',
        'x-content-type-options': 'nosniff',
      })
      .end(layout(page, { nonce, path: pathname, collector, stub }));
  };
}

/**
 * As strict as a shop can have it: no inline script or style but the stub, no host but the collector, no string that
 * becomes markup. Whatever Parcours does on a page, it does under this.
 *
 * @param {string} nonce
 * @param {string} collector
 */
const policy = (nonce, collector) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${collector}`,
    `connect-src ${collector}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/**
 * @param {string} path
 * @param {URLSearchParams} query
 */
function pageAt(path, query) {
  const [, section, name, ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  if (section === 'product' && name !== undefined) return product(name);
  if (section === 'products') return list(name);
  if (name !== undefined) return undefined;
  if (section === '') return home();
  if (section === 'cart') return cart();
  if (section === 'confirmation') {
    const order = query.get('order');
    return confirmation(order !== null && ORDER.test(order) ? order : undefined);
  }
  return undefined;
}

/**
 * @param {Request} request
 * @returns {URL} the front page for a path that cannot be read
 */
function addressOf(request) {
  try {
    return new URL(request.url ?? '/', 'http://shop');
  } catch {
    return new URL('http://shop/');
  }
}

/**
 * @param {Request} request
 * @param {Response} response
 * @param {PublicFile} file
 */
function sendFile(request, response, { type, body }) {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;
  const headers = { 'content-type': type, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', etag };
  const fresh = request.headers['if-none-match'] === etag;
  response.writeHead(fresh ? 304 : 200, headers).end(fresh ? undefined : body);
}

/**
 * An order's number, `W-<date>-<random>`: given by the shop's server, as a real one gives it, so that a browser and a
 * server may both tell of the order and it is still one.
 *
 * @param {Date} now
 */
const newOrder = (now) =>
  `W-${now.toISOString().slice(0, 10).replaceAll('-', '')}-${randomBytes(3).toString('hex').toUpperCase()}`;
