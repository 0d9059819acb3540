import { productAt } from '../catalogue.mjs';
import { SIGNS, STORES } from '../content/stores.mjs';
import { html } from '../html.mjs';
import { fill } from '../public/fill.js';

/**
 * The stores, and the signs that hang in them, so that they can be tried without a telephone.
 *
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export const stores = ({ language, t: { storesPage: t } }) => ({
  title: t.title,
  main: html`<h1>${t.title}</h1>
<p class="lead">${t.text}</p>
<ul class="stores">
  ${STORES.map(
    ({ id, name, address, phone }) => html`<li class="panel">
    <h2>${name}</h2>
    <p>${address}</p>
    <p><a href="tel:${phone.replaceAll(' ', '')}" data-pc-event="store_called" data-pc-place-id="${id}">${fill(t.call, { store: name })}</a></p>
    <h3>${t.signs}</h3>
    <ul>${Object.entries(SIGNS)
      .filter(([, { place }]) => place === id)
      .map(
        ([code, { product }]) =>
          html`<li><a href="/qr/${code}">${productAt(product)?.name[language]}</a> <code>/qr/${code}</code></li>`,
      )}
    </ul>
  </li>`,
  )}
</ul>
<p class="tagline">${t.signsText}</p>`,
});
