import { CATEGORIES, formatPrice, itemOf, PRODUCTS } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { picture } from '../pictures.mjs';

/**
 * One product with its form.
 *
 * @param {string} slug
 * @returns {import('./layout.mjs').Page | undefined} nothing for a product that does not exist
 */
export function product(slug) {
  const found = PRODUCTS.find((each) => each.slug === slug);
  if (found === undefined) return undefined;
  const [category] = Object.entries(CATEGORIES).find(([, label]) => label === found.item_category) ?? [''];
  return {
    name: 'product',
    title: found.item_name,
    main: html`<nav class="crumbs" aria-label="Where you are">
  <a href="/products">All products</a> <span aria-hidden="true">/</span>
  <a href="/products/${category}">${found.item_category}</a> <span aria-hidden="true">/</span>
  <span aria-current="page">${found.item_name}</span>
</nav>
<article class="product" data-item="${JSON.stringify(itemOf(found))}">
  ${picture(found.slug)}
  <div>
    <h1>${found.item_name}</h1>
    <p class="lead">${found.tagline}</p>
    <p class="price">${formatPrice(found.price)}</p>
    <p>${found.text}</p>
    <form id="add" class="add">
      ${found.sizes.length > 0 && select('size', 'Size', found.sizes)}
      ${select('quantity', 'Quantity', ['1', '2', '3', '4'])}
      <button class="button" type="submit">Add to cart</button>
    </form>
    <p class="status" id="added" role="status"></p>
    <ul class="facts">${found.facts.map((fact) => html`<li>${fact}</li>`)}</ul>
  </div>
</article>`,
  };
}

/**
 * @param {string} name
 * @param {string} label
 * @param {readonly string[]} values
 */
const select = (name, label, values) => html`<label>${label}
  <select name="${name}">${values.map((value) => html`<option>${value}</option>`)}</select>
</label>`;
