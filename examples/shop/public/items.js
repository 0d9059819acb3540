/**
 * GA4 items as the server wrote them into the page.
 *
 * @typedef {{ item_id: string, item_name: string, price: number, quantity?: number, item_variant?: string }} Item
 */

export const CURRENCY = 'EUR';

/**
 * @param {Element | null} element one with `data-item`
 * @returns {Item}
 */
export const itemOf = (element) => JSON.parse(element?.getAttribute('data-item') ?? '{}');

/**
 * The sum of price x quantity, EUR, to the cent: binary fractions add up to 389.69999999999993.
 *
 * @param {readonly Item[]} items
 */
export const sumOf = (items) =>
  items.reduce((cents, { price, quantity = 1 }) => cents + Math.round(price * 100) * quantity, 0) / 100;

/** @param {number} amount EUR */
export const formatPrice = (amount) =>
  new Intl.NumberFormat('en-IE', { style: 'currency', currency: CURRENCY }).format(amount);
