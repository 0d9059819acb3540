import type { BrowserContextOptions, Page } from 'playwright-core';
import { openVisit, type Visit } from './browser.ts';
import { startChild } from './child.ts';
import { freePort } from './free_port.ts';
import { type Program, startProgram } from './program.ts';

/** The example shop, running. */
export interface Shop {
  /** Such as `http://localhost:40124`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Starts the example shop as its users do, with plain Node.
 *
 * @param port      of an origin that the collector was told of; default a free one
 * @param collector origin of the collector
 * @param consent   consent manager; default the shop's own banner
 */
export async function startShop({
  port,
  collector,
  consent = 'own',
}: {
  readonly port?: number;
  readonly collector: string;
  readonly consent?: string;
}): Promise<Shop> {
  const env = { SHOP_PORT: String(port ?? (await freePort())), COLLECTOR_URL: collector };
  const child = startChild(process.execPath, ['examples/shop/server.mjs', '--consent', consent], { env });
  const [, origin = ''] = await child.saw(/^shop: (http:\S+)$/m);
  return {
    origin,
    stop: async () => {
      await child.stop();
    },
  };
}

/** The shop with the program that it tells, and a browser to walk it. */
export interface WalkedShop {
  readonly origin: string;
  readonly program: Program;
  /** Another person's first visit. */
  visit(options?: BrowserContextOptions): Promise<Visit>;
  stop(): Promise<void>;
}

/** @param consent consent manager; default the shop's own banner */
export async function startWalkedShop(consent?: string): Promise<WalkedShop> {
  const port = await freePort();
  const program = await startProgram({ origins: [`http://localhost:${port}`] });
  const shop = await startShop({ port, collector: program.collector, ...(consent && { consent }) });
  return {
    origin: shop.origin,
    program,
    visit: openVisit,
    stop: async () => {
      await shop.stop();
      await program.stop();
    },
  };
}

/** Answers the banner. */
export const accept = (page: Page): Promise<void> => page.locator('#consent [data-consent=accept]').click();

/** Answers the banner. */
export const refuse = (page: Page): Promise<void> => page.locator('#consent [data-consent=refuse]').click();

/** From the front page to the walking boot, by the list. */
export async function toBoot(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'See all products' }).click();
  await page.waitForURL('**/products');
  await page.getByRole('link', { name: 'Walking boot' }).click();
  await page.waitForURL('**/product/walking-boot');
}

/** From a product's page to the cart. */
export async function addToCart(page: Page, quantity = '1'): Promise<void> {
  await page.getByLabel('Quantity').selectOption(quantity);
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('link', { name: 'Go to the cart' }).click();
  await page.waitForURL('**/cart');
}

/** What a customer types at the checkout; every word of it is one that must arrive nowhere. */
export const TYPED = {
  name: 'Canary Nightingale',
  email: 'canary.person@mail.example',
  phone: '+33 6 98 76 54 32',
  address: '99 Canary Wharf',
  postcode: '99887',
  city: 'Canaryville',
} as const;

/** From the cart to the last step, with what is typed; `store`: collects it there instead of having it delivered. */
export async function checkOut(page: Page, { store }: { readonly store?: string } = {}): Promise<void> {
  await page.getByRole('link', { name: 'Checkout' }).click();
  await page.waitForURL('**/checkout');
  for (const name of ['name', 'email', 'phone'] as const) {
    await page.locator(`#checkout_details [name=${name}]`).fill(TYPED[name]);
  }
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/checkout/delivery');
  if (store === undefined) {
    for (const name of ['address', 'postcode', 'city'] as const) {
      await page.locator(`#checkout_delivery [name=${name}]`).fill(TYPED[name]);
    }
  } else {
    await page.getByLabel('Collect in store').check();
    await page.getByLabel(store).check();
  }
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/checkout/payment');
}

/** Places the order at the last step. Returns its number. */
export async function placeOrder(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.waitForURL('**/confirmation?order=*');
  return new URL(page.url()).searchParams.get('order') ?? '';
}

/** From the front page to the end: two pairs of boots, delivered. Returns the order's number. */
export async function walkToOrder(page: Page): Promise<string> {
  await toBoot(page);
  await addToCart(page, '2');
  await checkOut(page);
  return placeOrder(page);
}
