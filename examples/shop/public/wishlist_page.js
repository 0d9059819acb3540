import { euros } from './euros.js';
import { fill } from './fill.js';
import { pictureOf } from './goods.js';
import { byId, newLine, part } from './part.js';
import { readWishes, wish } from './wish.js';

/**
 * The wish list's page.
 *
 * @param {{ goods: import('./goods.js').Goods, t: import('../texts/en.mjs').Texts['wishlistPage'] & { removeIt: string } }} wishlist
 */
export function startWishlistPage({ goods, t }) {
  const show = () => {
    const lines = readWishes().flatMap((id) => {
      const good = goods[id];
      return good === undefined ? [] : [lineOf(id, good)];
    });
    byId('lines').replaceChildren(...lines);
    byId('empty').hidden = lines.length > 0;
  };

  const lineOf = (/** @type {string} */ id, /** @type {import('./goods.js').Goods[string]} */ good) => {
    const line = newLine();
    part(line, '[data-picture]').replaceWith(pictureOf(good));
    const link = part(line, '[data-name]');
    link.textContent = good.name;
    link.setAttribute('href', `/product/${good.slug}`);
    part(line, '[data-label]').textContent = good.label;
    part(line, '[data-sum]').textContent = euros(good.item.price);
    const remove = part(line, '[data-remove]');
    remove.setAttribute('aria-label', fill(t.removeIt, { name: good.name }));
    remove.addEventListener('click', () => {
      wish(id, good.item, false);
      show();
      byId('changed').textContent = fill(t.removed, { name: good.name });
      // The keyboard stays in the list when the line it was on goes.
      part(document, '#lines a, #empty:not([hidden]) a').focus();
    });
    return line;
  };

  addEventListener('pageshow', show);
  show();
}
