/**
 * The shop's stores, and the codes that are printed in them.
 *
 * @typedef {object} Store
 * @property {string} id  the place that events, tills and footfall counters name: `pc_place`, `location_id`
 * @property {string} name
 * @property {string} address
 * @property {string} phone
 */

/** @type {readonly Store[]} */
export const STORES = [
  { id: 'lyon-2', name: 'Cairn Lyon', address: '14 rue de Brest, 69002 Lyon', phone: '+33 4 00 00 00 02' },
  { id: 'annecy-1', name: 'Cairn Annecy', address: '3 quai de l’Île, 74000 Annecy', phone: '+33 4 00 00 00 01' },
  { id: 'paris-11', name: 'Cairn Paris 11', address: '61 rue Oberkampf, 75011 Paris', phone: '+33 1 00 00 00 11' },
];

/**
 * What hangs in the stores: a code, the place where it hangs and the product that it is about. The address behind a printed
 * code never changes; where it leads may.
 *
 * @type {Readonly<Record<string, { readonly place: string, readonly product: string }>>}
 */
export const SIGNS = {
  'window-7': { place: 'lyon-2', product: 'rain-jacket' },
  'shelf-12': { place: 'lyon-2', product: 'walking-boot' },
  'tent-corner': { place: 'annecy-1', product: 'ridge-tent' },
  'till-1': { place: 'paris-11', product: 'steel-bottle' },
};

/**
 * Where a printed code leads: the product, with the place and the code in the address, which the page view takes along.
 *
 * @param {string} code
 * @returns {string | undefined} nothing for a code that was never printed
 */
export function behindCode(code) {
  const sign = Object.hasOwn(SIGNS, code) ? SIGNS[code] : undefined;
  return sign && `/product/${sign.product}?${new URLSearchParams({ pc_place: sign.place, pc_code: code })}`;
}
