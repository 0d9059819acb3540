import { formatPrice, itemOf, PRODUCTS } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { picture } from '../pictures.mjs';

/**
 * The cart. Its content is known to the browser only, so the page brings a line for every product, hidden, and
 * `public/cart_page.js` shows those that are in it.
 *
 * @returns {import('./layout.mjs').Page}
 */
export const cart = () => ({
  name: 'cart',
  title: 'Your cart',
  main: html`<h1>Your cart</h1>
<div id="empty" hidden>
  <p class="lead">There is nothing in it yet.</p>
  <p><a class="button" href="/products">See all products</a></p>
</div>
<form id="checkout" method="post" action="/orders" hidden>
  <ul class="lines">
    ${PRODUCTS.map(
      (product) => html`<li class="line" data-item="${JSON.stringify(itemOf(product))}" hidden>
      ${picture(product.slug)}
      <div class="line-text">
        <h2><a href="/product/${product.slug}">${product.item_name}</a></h2>
        <p class="tagline" data-variant></p>
        <p>${formatPrice(product.price)} each</p>
      </div>
      <div class="stepper">
        <button type="button" data-step="-1" aria-label="One less: ${product.item_name}">−</button>
        <span data-quantity></span>
        <button type="button" data-step="1" aria-label="One more: ${product.item_name}">+</button>
      </div>
      <p class="price" data-sum></p>
      <button type="button" class="as-link" data-remove aria-label="Remove ${product.item_name}">Remove</button>
    </li>`,
    )}
  </ul>
  <div class="total">
    <p>Total <strong class="price" id="total"></strong></p>
    <p class="tagline">Collect in store, pay there.</p>
    <button class="button" type="submit">Place the order</button>
  </div>
</form>
<p class="unseen" id="changed" role="status"></p>`,
});
