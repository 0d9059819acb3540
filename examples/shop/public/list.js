import { track } from './tracking.js';

/**
 * A list of products: seen when the page comes, chosen from when a product is opened.
 *
 * @param {{ item_list_id: string, item_list_name: string, items: readonly object[] }} list
 */
export function startList({ items, ...about }) {
  track('view_item_list', { ...about, items });
  for (const card of document.querySelectorAll('[data-index]')) {
    const item = items[Number(card.dataset.index)];
    card.querySelector('a')?.addEventListener('click', () => track('select_item', { ...about, items: [item] }));
  }
}
