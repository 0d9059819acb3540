import { changeCart } from './cart.js';
import { euros } from './euros.js';
import { fill } from './fill.js';
import { byId } from './part.js';
import { eventOf } from './pricing.js';
import { track } from './tracking.js';
import { startWish } from './wish.js';

/**
 * @typedef {import('../catalogue.mjs').Variant} Variant
 * @typedef {import('../texts/en.mjs').Texts['product']} T
 */

/**
 * One product: seen when the page comes, put into the cart by its form. Another variant of it is no other product seen: it is
 * told as an event of the shop's own.
 *
 * @param {{ variants: readonly Variant[], t: T }} product
 */
export function startProduct({ variants, t }) {
  const form = byId('add');
  const added = byId('added');
  const chosen = () => variantIn(new FormData(form), variants);
  const wish = startWish(chosen, t);

  const show = () => {
    const { item } = chosen();
    byId('price').textContent = euros(item.price);
    byId('was').hidden = item.discount === undefined;
    byId('was-price').textContent = euros(item.price + (item.discount ?? 0));
    wish.show();
  };

  form.addEventListener('change', ({ target }) => {
    show();
    const { item_id, item_variant, price } = chosen().item;
    const { name } = target;
    if (name !== 'quantity') track('variant_selected', { item_id, item_variant, price, option: name });
  });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { id, item } = chosen();
    const wanted = Number(new FormData(form).get('quantity'));
    const quantity = changeCart(id, wanted);
    if (quantity === 0) {
      added.textContent = t.full;
      return;
    }
    track('add_to_cart', eventOf([{ ...item, quantity }]));
    const link = document.createElement('a');
    link.href = '/cart';
    link.textContent = t.toCart;
    added.replaceChildren(`${fill(t.added, { count: quantity })} `, link);
  });

  // A browser that comes back or reloads may have kept what was chosen.
  show();
  track('view_item', eventOf([{ ...chosen().item, quantity: 1 }]));
}

/**
 * @param {FormData} form
 * @param {readonly Variant[]} variants
 */
function variantIn(form, variants) {
  const size = form.get('size') ?? undefined;
  const found = variants.find((variant) => variant.colour === form.get('colour') && variant.size === size);
  return /** @type {Variant} */ (found ?? variants[0]);
}
