import { CATEGORIES, PRODUCTS } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { fill } from '../public/fill.js';
import { productList } from './product_card.mjs';
import { REDUCED } from './promotion.mjs';

/**
 * All products, those of one category, or those that are reduced.
 *
 * @param {string | undefined} slug  a category's address, or `reduced`
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page | undefined} nothing for a category that does not exist
 */
export function list(slug, reader) {
  const found = rangeAt(slug, reader);
  if (found === undefined) return undefined;
  const { title, text, ...range } = found;
  const { markup, data } = productList({ id: slug ?? 'all', ...range }, reader);
  return {
    title,
    data: { list: data },
    main: html`<h1>${title}</h1>
<p class="lead">${text ?? fill(reader.t.list.count, { count: range.products.length })}</p>
<h2 class="unseen">${reader.t.products}</h2>
${markup}`,
  };
}

/**
 * @param {string | undefined} slug
 * @param {import('../language.mjs').Reader} reader
 */
function rangeAt(slug, { t, language }) {
  if (slug === undefined) return { title: t.allProducts, name: 'All products', products: PRODUCTS };
  if (slug === 'reduced') {
    return { title: t.list.reduced, text: t.list.reducedText, name: 'Hut weeks', products: REDUCED };
  }
  if (!Object.hasOwn(CATEGORIES, slug)) return undefined;
  const name = CATEGORIES[/** @type {keyof typeof CATEGORIES} */ (slug)];
  return { title: name[language], name: name.en, products: PRODUCTS.filter(({ category }) => category === slug) };
}
