import { COLOURS, VARIANTS } from '../catalogue.mjs';

/**
 * Everything that can be bought, for pages whose content the browser alone knows: the cart, the checkout, the wish list.
 *
 * @typedef {object} Good
 * @property {import('../catalogue.mjs').Item} item
 * @property {string} slug
 * @property {string} colour
 * @property {string} name   as people read it
 * @property {string} label  which variant, as people read it
 *
 * @param {import('../language.mjs').Reader} reader
 * @returns {Record<string, Good>}
 */
export const goods = ({ language }) =>
  Object.fromEntries(
    [...VARIANTS].map(([id, { product, variant }]) => [
      id,
      {
        item: variant.item,
        slug: product.slug,
        colour: variant.colour,
        name: product.name[language],
        label: [COLOURS[variant.colour][language], ...(variant.size ? [variant.size] : [])].join(', '),
      },
    ]),
  );
