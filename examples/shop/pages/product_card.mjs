import { formatPrice, itemOf } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { picture } from '../pictures.mjs';

/**
 * Products side by side, as a list that `public/list.js` reads its events from.
 *
 * @param {{ readonly id: string, readonly name: string, readonly products: readonly import('../catalogue.mjs').Product[] }} list
 *   `id` and `name` as GA4 has them: `item_list_id`, `item_list_name`
 */
export const productList = ({
  id,
  name,
  products,
}) => html`<ul class="cards" data-list-id="${id}" data-list-name="${name}">
  ${products.map(
    (product, index) => html`<li class="card" data-item="${JSON.stringify({ ...itemOf(product), index })}">
    ${picture(product.slug)}
    <h3><a href="/product/${product.slug}">${product.item_name}</a></h3>
    <p class="tagline">${product.tagline}</p>
    <p class="price">${formatPrice(product.price)}</p>
  </li>`,
  )}
</ul>`;
