/**
 * Starts what the page needs: the cart's count, the consent banner and whoever is logged in on every page, then each part
 * that the server put data into the page for.
 */
import { startAccount } from './account.js';
import { startCartCount } from './cart.js';
import { startCartPage } from './cart_page.js';
import { startCheckout } from './checkout.js';
import { startConfirmation } from './confirmation.js';
import { startConsent } from './consent.js';
import { startList } from './list.js';
import { startProduct } from './product.js';
import { startPromotion } from './promotion.js';
import { startSearch } from './search.js';
import { identify } from './tracking.js';
import { startWishlistPage } from './wishlist_page.js';

/** In this order: a search is told before the list that it found. */
const PARTS = /** @type {Record<string, (data: any) => void>} */ ({
  customer: (customer_id) => identify({ customer_id }),
  promotion: startPromotion,
  search: startSearch,
  list: startList,
  product: startProduct,
  cart: startCartPage,
  wishlist: startWishlistPage,
  checkout: startCheckout,
  confirmation: startConfirmation,
  account: startAccount,
});

const data = JSON.parse(document.getElementById('page-data')?.textContent ?? '{}');

startCartCount();
startConsent(data);
for (const [name, start] of Object.entries(PARTS)) if (name in data) start(data[name]);
