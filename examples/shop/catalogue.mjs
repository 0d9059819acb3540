/**
 * Products as pages and events know them. The shapes of events are made here and nowhere else, so that a product says the
 * same of itself in a list, in the cart and in an order.
 *
 * @typedef {import('./content/products.mjs').Product} Product
 * @typedef {import('./language.mjs').Language} Language
 *
 * @typedef {object} Item  GA4's, as far as the catalogue knows it
 * @property {string} item_id
 * @property {string} item_name
 * @property {string} item_brand
 * @property {string} item_category
 * @property {string} [item_variant]
 * @property {number} price      EUR a unit, discount taken off
 * @property {number} [discount] EUR a unit
 *
 * @typedef {object} Variant  one thing that can be bought
 * @property {string} id  such as `SKU-1042.clay.42`
 * @property {keyof typeof COLOURS} colour
 * @property {string | undefined} size
 * @property {Item} item
 */
import { PRODUCTS } from './content/products.mjs';

export { PRODUCTS };

export const BRAND = 'Cairn';

/** Categories by their address, in the order of the menu. */
export const CATEGORIES = /** @type {const} */ ({
  shoes: { en: 'Shoes', fr: 'Chaussures' },
  clothing: { en: 'Clothing', fr: 'Vêtements' },
  gear: { en: 'Gear', fr: 'Matériel' },
});

/** Colours by the class that paints them (`styles/products.css`). */
export const COLOURS = /** @type {const} */ ({
  clay: { en: 'Clay', fr: 'Terre cuite' },
  pine: { en: 'Pine', fr: 'Sapin' },
  slate: { en: 'Slate', fr: 'Ardoise' },
});

/** @param {string} slug */
export const productAt = (slug) => PRODUCTS.find((product) => product.slug === slug);

/**
 * All that can be bought of a product; the first is what its page shows first.
 *
 * @param {Product} product
 * @returns {readonly Variant[]}
 */
export const variantsOf = (product) =>
  product.colours.flatMap((colour) =>
    (product.sizes.length > 0 ? product.sizes : [undefined]).map((size) => ({
      id: [product.item_id, colour, ...(size ? [size.id.replaceAll(' ', '')] : [])].join('.'),
      colour,
      size: size?.id,
      item: itemOf(product, {
        item_variant: [COLOURS[colour].en, ...(size ? [size.id] : [])].join(', '),
        ...(size?.price !== undefined && { price: size.price }),
      }),
    })),
  );

/**
 * The GA4 item of a product, or of one of its variants. A size with a price of its own is not reduced.
 *
 * @param {Product} product
 * @param {{ readonly item_variant?: string, readonly price?: number }} [variant]
 * @returns {Item}
 */
export function itemOf({ item_id, name, category, price, was }, variant = {}) {
  return {
    item_id,
    item_name: name.en,
    item_brand: BRAND,
    item_category: CATEGORIES[category].en,
    price,
    ...(was !== undefined && variant.price === undefined && { discount: Math.round((was - price) * 100) / 100 }),
    ...variant,
  };
}

/** Every variant of every product, by id. */
export const VARIANTS = new Map(
  PRODUCTS.flatMap((product) => variantsOf(product).map((variant) => [variant.id, { product, variant }])),
);

/**
 * Products that hold every word of what was typed in their name, category, tagline or text, in either language; accents
 * and case do not matter. Nothing for nothing.
 *
 * @param {string} typed
 * @returns {readonly Product[]}
 */
export function search(typed) {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return PRODUCTS.filter(({ name, category, tagline, text }) => {
    const said = plain([name, CATEGORIES[category], tagline, text].flatMap((each) => [each.en, each.fr]).join(' '));
    return words.every((word) => said.includes(word));
  });
}

/** @param {string} text */
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
