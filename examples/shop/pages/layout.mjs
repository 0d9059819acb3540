import { BRAND, CATEGORIES } from '../catalogue.mjs';
import { html, trusted } from '../html.mjs';
import { mark } from '../pictures.mjs';
import { consentBanner } from './consent.mjs';

/**
 * One page of the shop, before its frame is put around it.
 *
 * @typedef {object} Page
 * @property {string} name   what `public/shop.js` starts for it
 * @property {string} title
 * @property {import('../html.mjs').Html} main
 * @property {number} [status]  200 if absent
 */

/**
 * What the frame needs beside the page.
 *
 * @typedef {object} Frame
 * @property {string} nonce      of this answer, named by its content security policy
 * @property {string} path       of the request, to mark the menu
 * @property {string} collector  origin of the collector
 * @property {string} stub       text of the SDK's stub; empty where the SDK is not built
 */

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cellipse cx='16' cy='26' rx='13' ry='5' fill='%231f4d3f'/%3E%3Cellipse cx='17' cy='17' rx='9' ry='4.2' fill='%237d9a6d'/%3E%3Cellipse cx='15' cy='9.4' rx='5.6' ry='3.4' fill='%23c8693f'/%3E%3C/svg%3E";

/**
 * The whole document. The two scripts of Parcours stand as the README tells; the stub comes first, so that a call made
 * before, or without, the second one is kept and breaks nothing.
 *
 * @param {Page} page
 * @param {Frame} frame
 * @returns {string}
 */
export function layout({ name, title, main }, { nonce, path, collector, stub }) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${BRAND}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/shop.css">
${stub !== '' && html`<script nonce="${nonce}">${trusted(stub)}</script>`}
<script nonce="${nonce}" async src="${collector}/p.js" data-site="shop" data-key="pk_demo"></script>
<script nonce="${nonce}" type="module" src="/shop.js"></script>
</head>
<body data-page="${name}">
<a class="skip" href="#main">Skip to the content</a>
${consentBanner}
<header class="top">
  <a class="brand" href="/">${mark}${BRAND}</a>
  <nav class="menu" aria-label="Products">
    ${menuLink('/products', 'All', path)}
    ${Object.entries(CATEGORIES).map(([slug, label]) => menuLink(`/products/${slug}`, label, path))}
  </nav>
  <a class="to-cart" href="/cart"${path === '/cart' && trusted(' aria-current="page"')}>Cart <span class="count" data-cart-count>0</span><span class="unseen"> items</span></a>
</header>
<main id="main" tabindex="-1">
<noscript><p class="notice">The cart needs JavaScript. You can look around without it.</p></noscript>
${main}
</main>
<footer class="foot">
  <p>${BRAND} is an example: nothing is sold, nothing is shipped, and the mountains are drawn.</p>
  <p><button type="button" class="as-link" data-consent-open>Privacy choices</button></p>
</footer>
</body>
</html>
`.markup;
}

/**
 * @param {string} href
 * @param {string} label
 * @param {string} path
 */
const menuLink = (href, label, path) =>
  html`<a href="${href}"${path === href && trusted(' aria-current="page"')}>${label}</a>`;
