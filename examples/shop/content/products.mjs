/**
 * What the shop sells, in both languages. Data only, so it may be long.
 *
 * @typedef {import('../language.mjs').Text} Text
 *
 * @typedef {object} Size
 * @property {string} id       as customers know it: `42`, `M`, `38 L`
 * @property {number} [price]  EUR, where this size has a price of its own
 *
 * @typedef {object} Product
 * @property {string} item_id
 * @property {string} slug  its address, `/product/<slug>`
 * @property {keyof typeof import('../catalogue.mjs').CATEGORIES} category
 * @property {number} price  EUR, tax included
 * @property {number} [was]  EUR, before it was reduced
 * @property {readonly (keyof typeof import('../catalogue.mjs').COLOURS)[]} colours  the first is shown first
 * @property {readonly Size[]} sizes  empty where there is one only
 * @property {Text} name
 * @property {Text} tagline
 * @property {Text} text
 * @property {readonly Text[]} facts
 */
const SHOE_SIZES = [{ id: '38' }, { id: '40' }, { id: '42' }, { id: '44' }];
const BODY_SIZES = [{ id: 'S' }, { id: 'M' }, { id: 'L' }, { id: 'XL' }];

/** @type {readonly Product[]} */
export const PRODUCTS = [
  {
    item_id: 'SKU-1042',
    slug: 'walking-boot',
    category: 'shoes',
    price: 129.9,
    colours: ['clay', 'pine'],
    sizes: SHOE_SIZES,
    name: { en: 'Walking boot', fr: 'Chaussure de marche' },
    tagline: { en: 'Leather, resoled for life', fr: 'En cuir, ressemelée à vie' },
    text: {
      en: 'A boot that is broken in by the second Sunday and still with you in the tenth year. Full-grain leather, stitched so that a cobbler can open it.',
      fr: 'Faite au pied dès le deuxième dimanche, et encore là dix ans après. Cuir pleine fleur, cousu pour qu’un cordonnier puisse l’ouvrir.',
    },
    facts: [
      { en: 'Full-grain leather, waxed', fr: 'Cuir pleine fleur, ciré' },
      { en: '1,180 g a pair', fr: '1 180 g la paire' },
      { en: 'Can be resoled', fr: 'Ressemelable' },
    ],
  },
  {
    item_id: 'SKU-1077',
    slug: 'trail-shoe',
    category: 'shoes',
    price: 99.5,
    colours: ['pine', 'slate'],
    sizes: SHOE_SIZES,
    name: { en: 'Trail shoe', fr: 'Chaussure de trail' },
    tagline: { en: 'Light feet, loose stones', fr: 'Pied léger, pierres qui roulent' },
    text: {
      en: 'For paths that are shorter when run. A wide toe, deep studs, and a mesh that drains in a hundred steps.',
      fr: 'Pour les sentiers plus courts en courant. Avant-pied large, crampons profonds, et une maille qui se vide en cent pas.',
    },
    facts: [
      { en: 'Recycled mesh', fr: 'Maille recyclée' },
      { en: '540 g a pair', fr: '540 g la paire' },
      { en: '5 mm studs', fr: 'Crampons de 5 mm' },
    ],
  },
  {
    item_id: 'SKU-2010',
    slug: 'rain-jacket',
    category: 'clothing',
    price: 179,
    colours: ['pine', 'clay', 'slate'],
    sizes: BODY_SIZES,
    name: { en: 'Rain jacket', fr: 'Veste de pluie' },
    tagline: { en: 'Three layers, no rustle', fr: 'Trois couches, aucun bruit' },
    text: {
      en: 'Made for the kind of rain that comes sideways. The hood follows the head, and the pockets stay clear of a hip belt.',
      fr: 'Pour la pluie qui vient de côté. La capuche suit la tête, et les poches restent libres sous une ceinture ventrale.',
    },
    facts: [
      { en: 'Water column 20,000 mm', fr: 'Colonne d’eau 20 000 mm' },
      { en: 'No fluorocarbons', fr: 'Sans composés fluorés' },
      { en: '390 g in size M', fr: '390 g en taille M' },
    ],
  },
  {
    item_id: 'SKU-2034',
    slug: 'fleece',
    category: 'clothing',
    price: 74.9,
    was: 89.9,
    colours: ['clay', 'slate'],
    sizes: BODY_SIZES,
    name: { en: 'Half-zip fleece', fr: 'Polaire demi-zip' },
    tagline: { en: 'Warm at the hut, cool on the climb', fr: 'Chaude au refuge, fraîche à la montée' },
    text: {
      en: 'A grid inside keeps the warm air, a long zip lets it go. Sheds less than a loose pile does.',
      fr: 'Une grille à l’intérieur garde l’air chaud, un long zip le laisse partir. Elle perd moins de fibres qu’une polaire bouclée.',
    },
    facts: [
      { en: 'Grid fleece', fr: 'Polaire grille' },
      { en: '290 g in size M', fr: '290 g en taille M' },
      { en: 'Made in Portugal', fr: 'Fabriquée au Portugal' },
    ],
  },
  {
    item_id: 'SKU-3005',
    slug: 'rucksack',
    category: 'gear',
    price: 119,
    colours: ['clay', 'pine'],
    sizes: [{ id: '28 L' }, { id: '38 L', price: 139 }],
    name: { en: 'Rucksack', fr: 'Sac à dos' },
    tagline: { en: 'A day, or two with care', fr: 'Un jour, ou deux en se serrant' },
    text: {
      en: 'One big room, one lid, two side pockets that a hand finds without looking. The back panel comes out to sit on.',
      fr: 'Une grande poche, un rabat, deux poches latérales que la main trouve seule. Le dos se retire pour s’asseoir dessus.',
    },
    facts: [
      { en: '28 or 38 litres', fr: '28 ou 38 litres' },
      { en: '860 g with 28 litres', fr: '860 g en 28 litres' },
      { en: 'Parts can be ordered singly', fr: 'Pièces détachées à l’unité' },
    ],
  },
  {
    item_id: 'SKU-3018',
    slug: 'steel-bottle',
    category: 'gear',
    price: 29.9,
    colours: ['pine', 'slate'],
    sizes: [{ id: '0.75 L' }, { id: '1 L', price: 34.9 }],
    name: { en: 'Steel bottle', fr: 'Gourde en acier' },
    tagline: { en: 'Tea at noon, still hot', fr: 'Le thé de midi, encore chaud' },
    text: {
      en: 'Double wall, one moving part, and a cap that doubles as a cup for whoever forgot theirs.',
      fr: 'Double paroi, une seule pièce mobile, et un bouchon qui sert de tasse à qui a oublié la sienne.',
    },
    facts: [
      { en: '0.75 or 1 litre', fr: '0,75 ou 1 litre' },
      { en: 'Hot for 12 hours', fr: 'Chaud pendant 12 heures' },
      { en: 'Dishwasher safe', fr: 'Passe au lave-vaisselle' },
    ],
  },
  {
    item_id: 'SKU-3042',
    slug: 'head-torch',
    category: 'gear',
    price: 44.9,
    colours: ['clay'],
    sizes: [],
    name: { en: 'Head torch', fr: 'Lampe frontale' },
    tagline: { en: 'Finds the path home', fr: 'Retrouve le chemin du retour' },
    text: {
      en: 'One button, three lights, and a red one for the tent. Charges from anything that charges a telephone.',
      fr: 'Un bouton, trois lumières, et une rouge pour la tente. Se recharge sur tout ce qui recharge un téléphone.',
    },
    facts: [
      { en: '350 lumens', fr: '350 lumens' },
      { en: '78 g', fr: '78 g' },
      { en: 'Red light', fr: 'Lumière rouge' },
    ],
  },
  {
    item_id: 'SKU-3060',
    slug: 'ridge-tent',
    category: 'gear',
    price: 349,
    was: 389,
    colours: ['clay', 'pine'],
    sizes: [{ id: '2P' }, { id: '3P', price: 429 }],
    name: { en: 'Ridge tent', fr: 'Tente canadienne' },
    tagline: { en: 'Two people and the rain outside', fr: 'Vous deux, et la pluie dehors' },
    text: {
      en: 'Up in four minutes with the inner already hung. Stands on five pegs, holds on nine.',
      fr: 'Montée en quatre minutes, chambre déjà suspendue. Tient sur cinq sardines, résiste sur neuf.',
    },
    facts: [
      { en: 'For 2 or 3 people', fr: 'Pour 2 ou 3 personnes' },
      { en: '1,740 g for 2', fr: '1 740 g pour 2' },
      { en: 'Silnylon', fr: 'Nylon siliconé' },
    ],
  },
];
