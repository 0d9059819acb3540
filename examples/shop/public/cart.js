/**
 * The cart, in this browser. Nothing is written before the person puts something in: it is there because they asked.
 *
 * @typedef {{ quantity: number, size?: string }} Line
 * @typedef {Record<string, Line>} Cart  by item id
 */
const KEY = 'shop_cart';
const MOST = 99;

/** @returns {Cart} */
export function readCart() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    return {};
  }
}

/**
 * Adds, or takes away with a negative number; a line without units goes.
 *
 * @param {string} itemId
 * @param {number} by     units
 * @param {string} [size]
 * @returns {number} by how many units the line changed
 */
export function changeCart(itemId, by, size) {
  const cart = readCart();
  const line = cart[itemId] ?? { quantity: 0 };
  const quantity = Math.min(MOST, Math.max(0, line.quantity + by));
  if (quantity === 0) delete cart[itemId];
  else cart[itemId] = { ...line, quantity, ...(size === undefined ? {} : { size }) };
  writeCart(cart);
  return quantity - line.quantity;
}

export const emptyCart = () => writeCart({});

/** Shows how many units are in the cart, now and after each change here or in another tab. */
export function startCartCount() {
  showCount();
  addEventListener('storage', showCount);
  addEventListener('pageshow', showCount);
}

function showCount() {
  const count = Object.values(readCart()).reduce((sum, { quantity }) => sum + quantity, 0);
  for (const place of document.querySelectorAll('[data-cart-count]')) place.textContent = String(count);
}

/** @param {Cart} cart */
function writeCart(cart) {
  try {
    if (Object.keys(cart).length === 0) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(cart));
  } catch {
    // Storage is blocked: this browser has no cart.
  }
  showCount();
}
