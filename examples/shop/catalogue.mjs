/**
 * What the shop sells. Fields named as in GA4 go into events as they are.
 *
 * @typedef {object} Product
 * @property {string} item_id
 * @property {string} slug       its address, `/product/<slug>`
 * @property {string} item_name
 * @property {string} item_category
 * @property {number} price      EUR
 * @property {string} tagline
 * @property {string} text
 * @property {readonly string[]} facts
 * @property {readonly string[]} sizes  empty where there is one only
 */

export const CURRENCY = 'EUR';
export const BRAND = 'Cairn';

/** Categories by their address, in the order of the menu. */
export const CATEGORIES = /** @type {const} */ ({ shoes: 'Shoes', clothing: 'Clothing', gear: 'Gear' });

const SHOE_SIZES = ['38', '40', '42', '44'];
const BODY_SIZES = ['S', 'M', 'L', 'XL'];

/** @type {readonly Product[]} */
export const PRODUCTS = [
  {
    item_id: 'SKU-1042',
    slug: 'walking-boot',
    item_name: 'Walking boot',
    item_category: 'Shoes',
    price: 129.9,
    tagline: 'Leather, resoled for life',
    text: 'A boot that is broken in by the second Sunday and still with you in the tenth year. Full-grain leather, stitched so that a cobbler can open it.',
    facts: ['Full-grain leather, waxed', '1,180 g a pair', 'Can be resoled'],
    sizes: SHOE_SIZES,
  },
  {
    item_id: 'SKU-1077',
    slug: 'trail-shoe',
    item_name: 'Trail shoe',
    item_category: 'Shoes',
    price: 99.5,
    tagline: 'Light feet, loose stones',
    text: 'For paths that are shorter when run. A wide toe, deep studs, and a mesh that drains in a hundred steps.',
    facts: ['Recycled mesh', '540 g a pair', '5 mm studs'],
    sizes: SHOE_SIZES,
  },
  {
    item_id: 'SKU-2010',
    slug: 'rain-jacket',
    item_name: 'Rain jacket',
    item_category: 'Clothing',
    price: 179,
    tagline: 'Three layers, no rustle',
    text: 'Made for the kind of rain that comes sideways. The hood follows the head, and the pockets stay clear of a hip belt.',
    facts: ['Water column 20,000 mm', 'No fluorocarbons', '390 g in size M'],
    sizes: BODY_SIZES,
  },
  {
    item_id: 'SKU-2034',
    slug: 'fleece',
    item_name: 'Half-zip fleece',
    item_category: 'Clothing',
    price: 74.9,
    tagline: 'Warm at the hut, cool on the climb',
    text: 'A grid inside keeps the warm air, a long zip lets it go. Sheds less than a loose pile does.',
    facts: ['Grid fleece', '290 g in size M', 'Made in Portugal'],
    sizes: BODY_SIZES,
  },
  {
    item_id: 'SKU-3005',
    slug: 'rucksack-28',
    item_name: 'Rucksack 28 L',
    item_category: 'Gear',
    price: 119,
    tagline: 'A day, or two with care',
    text: 'One big room, one lid, two side pockets that a hand finds without looking. The back panel comes out to sit on.',
    facts: ['28 litres', '860 g', 'Parts can be ordered singly'],
    sizes: [],
  },
  {
    item_id: 'SKU-3018',
    slug: 'steel-bottle',
    item_name: 'Steel bottle',
    item_category: 'Gear',
    price: 29.9,
    tagline: 'Tea at noon, still hot',
    text: 'Double wall, one moving part, and a cap that doubles as a cup for whoever forgot theirs.',
    facts: ['0.75 litre', 'Hot for 12 hours', 'Dishwasher safe'],
    sizes: [],
  },
  {
    item_id: 'SKU-3042',
    slug: 'head-torch',
    item_name: 'Head torch',
    item_category: 'Gear',
    price: 44.9,
    tagline: 'Finds the path home',
    text: 'One button, three lights, and a red one for the tent. Charges from anything that charges a telephone.',
    facts: ['350 lumens', '78 g', 'Red light'],
    sizes: [],
  },
  {
    item_id: 'SKU-3060',
    slug: 'ridge-tent',
    item_name: 'Ridge tent',
    item_category: 'Gear',
    price: 349,
    tagline: 'Two people and the rain outside',
    text: 'Up in four minutes with the inner already hung. Stands on five pegs, holds on nine.',
    facts: ['2 people', '1,740 g', 'Silnylon'],
    sizes: [],
  },
];

/**
 * The GA4 item of a product: what every event says about it.
 *
 * @param {Product} product
 */
export const itemOf = ({ item_id, item_name, item_category, price }) => ({
  item_id,
  item_name,
  item_brand: BRAND,
  item_category,
  price,
});

/**
 * An amount as customers read it, such as `€129.90`.
 *
 * @param {number} amount EUR
 */
export const formatPrice = (amount) =>
  new Intl.NumberFormat('en-IE', { style: 'currency', currency: CURRENCY }).format(amount);
