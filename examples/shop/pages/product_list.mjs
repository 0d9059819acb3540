import { CATEGORIES, PRODUCTS } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { productList } from './product_card.mjs';

/**
 * All products, or those of one category.
 *
 * @param {string} [slug] a category's address
 * @returns {import('./layout.mjs').Page | undefined} nothing for a category that does not exist
 */
export function list(slug) {
  if (slug !== undefined && !Object.hasOwn(CATEGORIES, slug)) return undefined;
  const name = slug === undefined ? 'All products' : CATEGORIES[/** @type {keyof typeof CATEGORIES} */ (slug)];
  const products = slug === undefined ? PRODUCTS : PRODUCTS.filter(({ item_category }) => item_category === name);
  return {
    name: 'list',
    title: name,
    main: html`<h1>${name}</h1>
<p class="lead">${products.length} products, all in stock.</p>
<h2 class="unseen">Products</h2>
${productList({ id: slug ?? 'all', name, products })}`,
  };
}
