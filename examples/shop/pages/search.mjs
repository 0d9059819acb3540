import { PRODUCTS, search } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { fill } from '../public/fill.js';
import { productList } from './product_card.mjs';

/** Shown where nothing was found. */
const INSTEAD = ['walking-boot', 'rain-jacket', 'rucksack', 'ridge-tent'];

/**
 * What a search finds. An empty result is an answer too: shops learn most from what was not found.
 *
 * @param {string} term  as typed, trimmed; empty for none
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export function searchPage(term, reader) {
  const { search: t } = reader.t;
  const found = search(term);
  const products = found.length > 0 ? found : PRODUCTS.filter(({ slug }) => INSTEAD.includes(slug));
  const range =
    found.length > 0
      ? { id: 'search_results', name: 'Search results', products }
      : { id: 'search_instead', name: 'Instead of results', products };
  const { markup, data } = productList(range, reader);
  return {
    title: term === '' ? t.title : fill(t.titleFor, { term }),
    data: { ...(term !== '' && { search: { search_term: term, results: found.length } }), list: data },
    main: html`<h1>${headline(term, found.length, t)}</h1>
<p class="lead" role="status">${found.length === 0 ? t.noneText : counted(found.length, t)}</p>
<h2 class="unseen">${reader.t.products}</h2>
${markup}`,
  };
}

/**
 * @param {string} term
 * @param {number} count
 * @param {import('../texts/en.mjs').Texts['search']} t
 */
const headline = (term, count, t) => (term === '' ? t.ask : fill(count === 0 ? t.none : t.titleFor, { term }));

/**
 * @param {number} count
 * @param {import('../texts/en.mjs').Texts['search']} t
 */
const counted = (count, t) => (count === 1 ? t.one : fill(t.many, { count }));
