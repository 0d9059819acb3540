import { VARIANTS } from '../catalogue.mjs';
import { STORES } from '../content/stores.mjs';
import { html, placed } from '../html.mjs';
import { fill } from '../public/fill.js';

/**
 * The end of an order, however often it is looked at: that it was placed is told once (`public/confirmation.js`).
 *
 * @param {import('../orders.mjs').Order | undefined} order
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export function confirmation(order, { language, t: texts, price }) {
  const { confirmation: t, cartPage, checkout } = texts;
  if (order === undefined) {
    return {
      title: t.none,
      main: html`<h1>${t.none}</h1><p><a class="button" href="/products">${texts.seeAll}</a></p>`,
    };
  }
  const { purchase, lines, total } = order;
  const store = STORES.find(({ id }) => id === order.store);
  const row = (/** @type {string} */ term, /** @type {string} */ amount) =>
    html`<div><dt>${term}</dt><dd>${amount}</dd></div>`;
  return {
    title: t.title,
    data: { confirmation: { purchase } },
    main: html`<div class="thanks">
  <h1>${t.title}</h1>
  <p class="lead">${placed(t.text, { order: html`<strong>${purchase.transaction_id}</strong>` })}</p>
  ${store && html`<p>${fill(t.pickup, { store: `${store.name}, ${store.address}` })}</p>`}
  <dl class="sums">
    ${lines.map(({ id, quantity, sum }) => row(`${quantity} × ${VARIANTS.get(id)?.product.name[language]}`, price(sum)))}
    ${row(checkout.delivery, purchase.shipping === 0 ? checkout.free : price(purchase.shipping))}
    <div class="sum"><dt>${cartPage.total}</dt><dd>${price(total)}</dd></div>
    <div class="tagline"><dt>${cartPage.tax}</dt><dd>${price(purchase.tax)}</dd></div>
  </dl>
  <p><a class="button" href="/">${t.home}</a></p>
</div>`,
  };
}
