import { html } from '../html.mjs';

/**
 * The end of an order. The browser knows what was in it, so `public/confirmation.js` fills the sum in.
 *
 * @param {string | undefined} order the order's number, checked
 * @returns {import('./layout.mjs').Page}
 */
export const confirmation = (order) => ({
  name: 'confirmation',
  title: order === undefined ? 'No order' : 'Thank you',
  main:
    order === undefined
      ? html`<h1>No order here</h1><p><a class="button" href="/products">See all products</a></p>`
      : html`<div class="thanks">
  <h1>Thank you</h1>
  <p class="lead" data-order="${order}">Your order <strong>${order}</strong> is waiting to be packed.</p>
  <p id="paid"></p>
  <p><a class="button" href="/">Back to the start</a></p>
</div>`,
});
