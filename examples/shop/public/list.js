import { CURRENCY, itemOf } from './items.js';
import { track } from './tracking.js';

/** A list of products: seen when the page comes, chosen from when a product is opened. */
export function startList() {
  const list = /** @type {HTMLElement} */ (document.querySelector('[data-list-id]'));
  const about = { item_list_id: list.dataset.listId, item_list_name: list.dataset.listName };
  const cards = [...list.querySelectorAll('[data-item]')];
  track('view_item_list', { ...about, currency: CURRENCY, items: cards.map(itemOf) });
  for (const card of cards) {
    card.querySelector('a')?.addEventListener('click', () => track('select_item', { ...about, items: [itemOf(card)] }));
  }
}
