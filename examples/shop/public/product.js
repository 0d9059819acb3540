import { changeCart } from './cart.js';
import { CURRENCY, itemOf, sumOf } from './items.js';
import { track } from './tracking.js';

/** One product: seen when the page comes, put into the cart by its form. */
export function startProduct() {
  const item = itemOf(document.querySelector('.product'));
  const added = /** @type {HTMLElement} */ (document.getElementById('added'));
  track('view_item', { currency: CURRENCY, value: item.price, items: [{ ...item, quantity: 1 }] });

  document.getElementById('add')?.addEventListener('submit', (event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const size = form.get('size')?.toString();
    const quantity = changeCart(item.item_id, Number(form.get('quantity')), size);
    if (quantity === 0) {
      added.textContent = 'Your cart holds as many as it can.';
      return;
    }
    const items = [{ ...item, quantity, ...(size === undefined ? {} : { item_variant: size }) }];
    track('add_to_cart', { currency: CURRENCY, value: sumOf(items), items });
    const link = document.createElement('a');
    link.href = '/cart';
    link.textContent = 'Go to the cart';
    added.replaceChildren(`${quantity} added. `, link);
  });
}
