import { BRAND, CATEGORIES } from '../catalogue.mjs';
import { html, jsonText, trusted } from '../html.mjs';
import { mark } from '../pictures.mjs';
import { fill } from '../public/fill.js';
import { tag } from '../tag.mjs';

/**
 * One page of the shop, before its frame is put around it.
 *
 * @typedef {object} Page
 * @property {string} title
 * @property {import('../html.mjs').Html} main
 * @property {Readonly<Record<string, unknown>>} [data]  what the page's script needs, by the part of it that needs it
 * @property {number} [status]  200 if absent
 */

/**
 * What the frame needs beside the page.
 *
 * @typedef {object} Frame
 * @property {string} nonce      of this answer, named by its content security policy
 * @property {string} path       of the request, to mark the menu
 * @property {string} term       what is searched for
 * @property {string} collector  origin of the collector
 * @property {string} stub       text of the SDK's stub; empty where the SDK is not built
 * @property {boolean} debugs     whether the consent debugger is asked for
 * @property {import('../consents.mjs').Consent} consent  the consent manager
 * @property {string | undefined} customer  whoever is logged in
 * @property {import('../language.mjs').Reader} reader
 */

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cellipse cx='16' cy='26' rx='13' ry='5' fill='%231f4d3f'/%3E%3Cellipse cx='17' cy='17' rx='9' ry='4.2' fill='%237d9a6d'/%3E%3Cellipse cx='15' cy='9.4' rx='5.6' ry='3.4' fill='%23c8693f'/%3E%3C/svg%3E";

/**
 * The whole document.
 *
 * @param {Page} page
 * @param {Frame} frame
 * @returns {string}
 */
export function layout(
  { title, main, data = {} },
  { nonce, path, term, collector, stub, debugs, consent, customer, reader },
) {
  const { language, t } = reader;
  const link = (/** @type {string} */ href, /** @type {string} */ label) =>
    html`<a href="${href}"${path === href && trusted(' aria-current="page"')}>${label}</a>`;
  const pageData = { ...consent.data(t), ...data, ...(customer !== undefined && { customer }) };
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${BRAND}</title>
<link rel="icon" href="${ICON}">
${consent.tags({ nonce, collector })}
<link rel="stylesheet" href="/shop.css">
${tag({ nonce, collector, stub, debugs })}
<script nonce="${nonce}" type="application/json" id="page-data">${jsonText(pageData)}</script>
<script nonce="${nonce}" type="module" src="/shop.js"></script>
</head>
<body>
<a class="skip" href="#main">${t.skip}</a>
${consent.banner(reader)}
<header class="top">
  <a class="brand" href="/">${mark}${BRAND}</a>
  <nav class="menu" aria-label="${t.products}">
    ${link('/products', t.all)}
    ${Object.entries(CATEGORIES).map(([slug, name]) => link(`/products/${slug}`, name[language]))}
  </nav>
  <form class="find" action="/search" role="search">
    <label class="unseen" for="q">${t.search.label}</label>
    <input id="q" name="q" type="search" maxlength="100" autocomplete="off" placeholder="${t.search.placeholder}" value="${term}">
    <button type="submit">${t.search.label}</button>
  </form>
  <nav class="own" aria-label="${t.account}">
    ${link('/account', t.account)}
    ${link('/wishlist', t.wishlist)}
    <a href="/cart"${path === '/cart' && trusted(' aria-current="page"')}>${t.cart} <span class="count" data-cart-count>0</span><span class="unseen"> ${t.inCart}</span></a>
  </nav>
</header>
<main id="main" tabindex="-1">
<noscript><p class="notice">${t.noScript}</p></noscript>
${main}
</main>
<footer class="foot">
  <p>${fill(t.disclaimer, { brand: BRAND })}</p>
  <p class="foot-links">${link('/stores', t.stores)} ${link('/rough', t.roughGround)}
    <a href="${collector}/v1/rights/shop?lang=${language}">${t.yourData}</a>
    <button type="button" class="as-link" data-consent-open>${t.privacy}</button></p>
</footer>
</body>
</html>
`.markup;
}
