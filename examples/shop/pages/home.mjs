import { PRODUCTS } from '../catalogue.mjs';
import { html } from '../html.mjs';
import { landscape } from '../pictures.mjs';
import { productList } from './product_card.mjs';

const FEATURED = ['walking-boot', 'rain-jacket', 'rucksack-28', 'ridge-tent'];

/** The front page: one view, one way on, four products. @returns {import('./layout.mjs').Page} */
export const home = () => ({
  name: 'list',
  title: 'Things for long walks',
  main: html`<section class="hero">
  ${landscape}
  <div class="hero-text">
    <h1>Things for long walks</h1>
    <p>Eight of them, made to be mended. Take what you need and leave the rest.</p>
    <a class="button" href="/products">See all products</a>
  </div>
</section>
<section aria-labelledby="featured">
  <h2 id="featured">Packed first</h2>
  ${productList({ id: 'home', name: 'Packed first', products: PRODUCTS.filter(({ slug }) => FEATURED.includes(slug)) })}
</section>
<section class="promises" aria-label="What we promise">
  <div><h2>Mended free</h2><p>Bring it to any shop of ours, in any state.</p></div>
  <div><h2>Collect in store</h2><p>Order tonight, walk in tomorrow at ten.</p></div>
  <div><h2>Sixty days</h2><p>Mud is not a reason to refuse a return.</p></div>
</section>`,
});
