/** Starts what the page needs: the cart's count and the consent banner everywhere, then the page's own part. */
import { startCartCount } from './cart.js';
import { startCartPage } from './cart_page.js';
import { startConfirmation } from './confirmation.js';
import { startConsent } from './consent.js';
import { startList } from './list.js';
import { startProduct } from './product.js';

const PAGES = /** @type {Record<string, () => void>} */ ({
  list: startList,
  product: startProduct,
  cart: startCartPage,
  confirmation: startConfirmation,
});

startCartCount();
startConsent();
PAGES[document.body.dataset.page ?? '']?.();
