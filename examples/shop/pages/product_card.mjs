import { itemOf, variantsOf } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { picture } from '../pictures.mjs';
import { fill } from '../public/fill.js';

/** @typedef {import('../catalogue.mjs').Product} Product */

/**
 * A list of products, for the page and for its events: `data` goes to `public/list.js`.
 *
 * @param {{ readonly id: string, readonly name: string, readonly products: readonly Product[] }} list
 *   `id` and `name` as GA4 has them: `item_list_id`, `item_list_name`
 * @param {import('../language.mjs').Reader} reader
 */
export const productList = ({ id, name, products }, reader) => ({
  markup: html`<ul class="cards">${products.map((product, index) => card(product, index, reader))}</ul>`,
  data: {
    item_list_id: id,
    item_list_name: name,
    items: products.map((product, index) => ({ ...itemOf(product), index })),
  },
});

/**
 * @param {Product} product
 * @param {number} index
 * @param {import('../language.mjs').Reader} reader
 */
const card = (product, index, reader) => html`<li class="card" data-index="${index}">
    ${picture(product.slug, product.colours[0])}
    <h3><a href="/product/${product.slug}">${product.name[reader.language]}</a></h3>
    <p class="tagline">${product.tagline[reader.language]}</p>
    ${priceFrom(product, reader)}
  </li>`;

/**
 * @param {Product} product
 * @param {import('../language.mjs').Reader} reader
 */
function priceFrom(product, { t, price }) {
  const isOne = new Set(variantsOf(product).map(({ item }) => item.price)).size === 1;
  const now = isOne ? price(product.price) : fill(t.list.from, { price: price(product.price) });
  return html`<p class="price">${now} ${product.was !== undefined && html`<s><span class="unseen">${t.list.before} </span>${price(product.was)}</s>`}</p>`;
}
