import { CATEGORIES } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { pictures } from '../pictures.mjs';
import { goods } from './goods.mjs';

/**
 * The cart. Its content is known to the browser only: the page brings what can be bought and a template of a line, and
 * `public/cart_page.js` puts them together. Coupons are looked up by the server, which alone knows the codes.
 *
 * @param {import('../content/coupons.mjs').Coupon | undefined} coupon  accepted just now
 * @param {'unknown' | 'expired' | undefined} refused                   why one was refused just now
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export function cart(coupon, refused, reader) {
  const { cartPage: t, seeAll } = reader.t;
  return {
    title: t.title,
    data: { cart: { goods: goods(reader), coupon, refused, categories: categoriesIn(reader), t } },
    main: html`<h1>${t.title}</h1>
<div id="empty" hidden>
  <p class="lead">${t.empty}</p>
  <p><a class="button" href="/products">${seeAll}</a></p>
</div>
<div id="filled" class="with-sums" hidden>
  <ul class="lines" id="lines"></ul>
  <aside class="sums-box" aria-label="${t.total}">
    <form class="coupon" id="coupon" method="post" action="/coupon">
      <label class="field">${t.coupon}
        <input name="code" maxlength="40" autocomplete="off" autocapitalize="characters" required${refused && html` aria-invalid="true" aria-describedby="coupon-says"`}>
      </label>
      <button class="button quiet" type="submit">${t.apply}</button>
    </form>
    <p id="coupon-says" role="status">${refused && t[refused]}</p>
    <p><button type="button" class="as-link" id="coupon-off" hidden>${t.couponRemove}</button></p>
    <dl class="sums">
      <div><dt>${t.goods}</dt><dd id="goods"></dd></div>
      <div id="saved-row" hidden><dt>${t.saved}</dt><dd id="saved"></dd></div>
      <div class="sum"><dt>${t.total}</dt><dd id="total"></dd></div>
    </dl>
    <p class="tagline">${t.next}</p>
    <a class="button wide" href="/checkout">${t.checkout}</a>
  </aside>
</div>
<p class="unseen" id="changed" role="status"></p>
<template id="line"><li class="line">
  <span data-picture></span>
  <div class="line-text">
    <h2><a data-name></a></h2>
    <p class="tagline" data-label></p>
    <p data-each></p>
  </div>
  <div class="stepper">
    <button type="button" data-step="-1">−</button>
    <span data-quantity></span>
    <button type="button" data-step="1">+</button>
  </div>
  <p class="price" data-sum></p>
  <button type="button" class="as-link" data-remove>${t.remove}</button>
</li></template>
${pictures()}`,
  };
}

/** @param {import('../language.mjs').Reader} reader */
const categoriesIn = ({ language }) =>
  Object.fromEntries(Object.values(CATEGORIES).map((name) => [name.en, name[language]]));
