import { html } from '../html.mjs';
import { pictures } from '../pictures.mjs';
import { goods } from './goods.mjs';

/**
 * The wish list: kept by the browser, put together by `public/wishlist_page.js`.
 *
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export function wishlist(reader) {
  const { wishlistPage: t, seeAll, cartPage } = reader.t;
  return {
    title: t.title,
    data: { wishlist: { goods: goods(reader), t: { ...t, removeIt: cartPage.removeIt } } },
    main: html`<h1>${t.title}</h1>
<div id="empty" hidden>
  <p class="lead">${t.empty}</p>
  <p><a class="button" href="/products">${seeAll}</a></p>
</div>
<ul class="lines" id="lines"></ul>
<p class="unseen" id="changed" role="status"></p>
<template id="line"><li class="line wished">
  <span data-picture></span>
  <div class="line-text">
    <h2><a data-name></a></h2>
    <p class="tagline" data-label></p>
  </div>
  <p class="price" data-sum></p>
  <button type="button" class="as-link" data-remove>${cartPage.remove}</button>
</li></template>
${pictures()}`,
  };
}
