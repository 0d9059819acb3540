import { track } from './tracking.js';

/**
 * A promotion that hangs on the page: seen when it comes into view. That it was chosen is told by its markup alone
 * (`pages/promotion.mjs`).
 *
 * @param {Record<string, unknown>} promotion
 */
export function startPromotion(promotion) {
  const banner = document.querySelector('.promotion');
  if (banner === null) return;
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      track('view_promotion', promotion);
    },
    { threshold: 0.5 },
  );
  watch.observe(banner);
}
