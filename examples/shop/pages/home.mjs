import { PRODUCTS } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { landscape } from '../pictures.mjs';
import { productList } from './product_card.mjs';
import { promotionBanner } from './promotion.mjs';

const FEATURED = ['walking-boot', 'rain-jacket', 'rucksack', 'ridge-tent'];

/**
 * The front page: one view, one way on, one promotion, four products.
 *
 * @param {import('../language.mjs').Reader} reader
 * @returns {import('./layout.mjs').Page}
 */
export function home(reader) {
  const { home: t, seeAll } = reader.t;
  const products = PRODUCTS.filter(({ slug }) => FEATURED.includes(slug));
  const featured = productList({ id: 'home', name: 'Packed first', products }, reader);
  const promotion = promotionBanner('home_under_hero', reader);
  return {
    title: t.title,
    data: { promotion: promotion.data, list: featured.data },
    main: html`<section class="hero">
  ${landscape}
  <div class="hero-text">
    <h1>${t.title}</h1>
    <p>${t.text}</p>
    <a class="button" href="/products">${seeAll}</a>
  </div>
</section>
${promotion.markup}
<section aria-labelledby="featured">
  <h2 id="featured">${t.featured}</h2>
  ${featured.markup}
</section>
<section class="promises" aria-label="${t.promises}">
  <div><h2>${t.mended}</h2><p>${t.mendedText}</p></div>
  <div><h2>${t.collect}</h2><p>${t.collectText}</p></div>
  <div><h2>${t.days}</h2><p>${t.daysText}</p></div>
</section>`,
  };
}
