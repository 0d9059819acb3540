import { itemOf, PRODUCTS } from '../catalogue.mjs';
import { html } from '../html.mjs';

/** The promotion that runs, by GA4's names. */
const PROMOTION = { promotion_id: 'hut-weeks', promotion_name: 'Hut weeks', creative_name: 'Two tents' };

/** What it is about. */
export const REDUCED = PRODUCTS.filter(({ was }) => was !== undefined);

/**
 * The banner of the promotion, for the page and for its events. That it was seen is told by `public/promotion.js`, since it
 * has items; that it was chosen needs no script of the shop's, only the markup: `data-pc-event` names the event and each
 * other `data-pc-…` one of its properties.
 *
 * @param {string} slot  where it hangs: GA4's `creative_slot`
 * @param {import('../language.mjs').Reader} reader
 */
export function promotionBanner(slot, { t: { home } }) {
  const { promotion_id, promotion_name, creative_name } = PROMOTION;
  return {
    data: {
      ...PROMOTION,
      creative_slot: slot,
      items: REDUCED.map((product, index) => ({ ...itemOf(product), index })),
    },
    markup: html`<section class="promotion" aria-labelledby="promotion">
  <div>
    <h2 id="promotion">${home.promotion}</h2>
    <p>${home.promotionText}</p>
  </div>
  <a class="button" href="/products/reduced" data-pc-event="select_promotion" data-pc-promotion-id="${promotion_id}"
    data-pc-promotion-name="${promotion_name}" data-pc-creative-name="${creative_name}" data-pc-creative-slot="${slot}">${home.promotionLink}</a>
</section>`,
  };
}
