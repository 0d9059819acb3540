import { CATEGORIES, COLOURS, productAt, variantsOf } from '../catalogue.mjs';
import { STORES } from '../content/stores.mjs';
import { html, trusted } from '../html.mjs';
import { picture } from '../pictures.mjs';
import { fill } from '../public/fill.js';

/**
 * One product with its form. The colour paints the picture by the sheet alone; `public/product.js` shows the price of the
 * variant and tells the events.
 *
 * @param {string} slug
 * @param {string | null} place  the store whose sign was scanned, if one was
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page | undefined} nothing for a product that does not exist
 */
export function product(slug, place, { language, t, price }) {
  const found = productAt(slug);
  if (found === undefined) return undefined;
  const variants = variantsOf(found);
  const store = STORES.find(({ id }) => id === place);
  const name = found.name[language];
  return {
    title: name,
    data: { product: { variants, name, t: t.product } },
    main: html`<nav class="crumbs" aria-label="${t.whereYouAre}">
  <a href="/products">${t.allProducts}</a> <span aria-hidden="true">/</span>
  <a href="/products/${found.category}">${CATEGORIES[found.category][language]}</a> <span aria-hidden="true">/</span>
  <span aria-current="page">${name}</span>
</nav>
${store && html`<p class="notice">${fill(t.product.fromStore, { store: store.name })}</p>`}
<article class="product">
  ${picture(found.slug)}
  <div>
    <h1>${name}</h1>
    <p class="lead">${found.tagline[language]}</p>
    <p class="price"><span id="price">${price(found.price)}</span>
      <s id="was"${found.was === undefined && trusted(' hidden')}><span class="unseen">${t.list.before} </span><span id="was-price">${price(found.was ?? found.price)}</span></s></p>
    <p>${found.text[language]}</p>
    <form id="add" class="add">
      ${choice({
        name: 'colour',
        legend: t.product.colour,
        options: found.colours.map((id) => ({ id, label: COLOURS[id][language] })),
        isSwatch: true,
      })}
      ${
        found.sizes.length > 0 &&
        choice({ name: 'size', legend: t.product.size, options: found.sizes.map(({ id }) => ({ id, label: id })) })
      }
      <div class="add-row">
        <label class="field">${t.product.quantity}
          <select name="quantity">${['1', '2', '3', '4'].map((value) => html`<option>${value}</option>`)}</select>
        </label>
        <button class="button" type="submit">${t.product.add}</button>
        <button class="button quiet" type="button" id="wish" aria-pressed="false">${t.product.wish}</button>
      </div>
    </form>
    <p class="status" id="added" role="status"></p>
    ${
      ['shoes', 'clothing'].includes(found.category) &&
      html`<details class="guide"><summary data-pc-event="size_guide_opened" data-pc-item-id="${found.item_id}">${t.product.sizeGuide}</summary>
      <p>${t.product.sizeGuideText}</p></details>`
    }
    <ul class="facts">${found.facts.map((fact) => html`<li>${fact[language]}</li>`)}</ul>
  </div>
</article>`,
  };
}

/**
 * One of several, as buttons; the first is chosen.
 *
 * @param {object} one
 * @param {string} one.name
 * @param {string} one.legend
 * @param {readonly { readonly id: string, readonly label: string }[]} one.options
 * @param {boolean} [one.isSwatch]  a spot of the colour stands before its name
 */
const choice = ({ name, legend, options, isSwatch = false }) => html`<fieldset class="choice">
  <legend>${legend}</legend>
  ${options.map(
    (
      { id, label },
      index,
    ) => html`<label><input type="radio" name="${name}" value="${id}"${index === 0 && trusted(' checked')}>
    <span>${isSwatch && html`<i class="swatch ${id}"></i>`}${label}</span></label>`,
  )}
</fieldset>`;
