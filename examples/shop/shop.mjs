import { createHash, randomBytes } from 'node:crypto';
import { createCustomers } from './customers.mjs';
import { readForm } from './form.mjs';
import { languageOf, readerOf } from './language.mjs';
import { createOrders } from './orders.mjs';
import { layout } from './pages/layout.mjs';
import { notFound } from './pages/not_found.mjs';
import { createPosts } from './posts.mjs';
import { elsewhere, pageAt, termOf, waitAt } from './routes.mjs';

/**
 * @typedef {object} ShopOptions
 * @property {string} collectorUrl  where the collector listens; its origin is let through the content security policy
 * @property {string} stub          text of the SDK's stub, put into every page; empty for none
 * @property {import('./consents.mjs').Consent} consent  the consent manager
 * @property {ReadonlyMap<string, PublicFile>} files  what is served as it is, by path
 * @property {() => Date} [now]
 *
 * @typedef {{ readonly type: string, readonly body: Buffer }} PublicFile
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 */

/**
 * The shop as a request listener of `node:http`. The cart is the browser's; orders and logins it remembers while it runs.
 *
 * @param {ShopOptions} options
 * @returns {(request: Request, response: Response) => void}
 */
export function createShop({ collectorUrl, stub, consent, files, now = () => new Date() }) {
  const collector = new URL(collectorUrl).origin;
  const orders = createOrders(now);
  const customers = createCustomers();
  const posts = createPosts({ orders, customers, now });

  const post = async (/** @type {Request} */ request, /** @type {Response} */ response, /** @type {string} */ path) => {
    const form = isForeign(request) ? undefined : await readForm(request);
    const outcome = form && posts[path]?.(form, request.headers.cookie);
    if (outcome === undefined) {
      response
        .writeHead(400, { 'content-type': 'text/plain; charset=utf-8' })
        .end('The form is not as it should be.\n');
      return;
    }
    const { to, cookie } = outcome;
    response.writeHead(303, { location: to, ...(cookie !== undefined && { 'set-cookie': cookie }) }).end();
  };

  const get = (/** @type {Request} */ request, /** @type {Response} */ response, /** @type {URL} */ address) => {
    const { pathname, searchParams: query } = address;
    const place = elsewhere(pathname);
    if (place !== undefined) {
      response.writeHead(302, { location: place, 'cache-control': 'no-store' }).end();
      return;
    }
    const reader = readerOf(languageOf(request.headers['accept-language']));
    const customer = customers.of(request.headers.cookie);
    const page = pageAt(pathname, { query, reader, customer, orderAt: orders.get, now: now() }) ?? notFound(reader);
    const nonce = randomBytes(16).toString('base64');
    const term = termOf(query);
    const debugs = query.has('pc_debug');
    const text = layout(page, { nonce, path: pathname, term, collector, stub, debugs, consent, customer, reader });
    const headers = headersWith(policy(nonce, collector, consent));
    const send = () => response.writeHead(page.status ?? 200, headers).end(text);
    const ms = waitAt(pathname, query);
    if (ms > 0) setTimeout(send, ms);
    else send();
  };

  return (request, response) => {
    const address = addressOf(request);
    if (request.method === 'POST' && Object.hasOwn(posts, address.pathname)) {
      void post(request, response, address.pathname);
      return;
    }
    request.resume();
    const file = files.get(address.pathname);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (file !== undefined) {
      sendFile(request, response, file);
    } else {
      get(request, response, address);
    }
  };
}

/** @param {string} csp */
const headersWith = (csp) => ({
  'content-type': 'text/html; charset=utf-8',
  // Not no-store, which would keep the page out of the browser's back and forward cache.
  'cache-control': 'no-cache',
  'content-security-policy': csp,
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  vary: 'accept-language, cookie',
});

/**
 * As strict as a shop can have it: no script without the answer's nonce, no inline style, no connection but to the collector,
 * no string that becomes markup. Whatever Parcours does on a page, it does under this.
 *
 * @param {string} nonce
 * @param {string} collector
 * @param {import('./consents.mjs').Consent} consent
 */
const policy = (nonce, collector, { trustedTypes }) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `connect-src ${collector}`,
    "style-src 'self'",
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypes}`,
  ].join('; ');

/** Whether another site's page sends the form. @param {Request} request */
const isForeign = ({ headers }) => !['same-origin', 'none'].includes(String(headers['sec-fetch-site'] ?? 'none'));

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
