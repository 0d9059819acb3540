import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING_STORED, type Visit, visitorOf } from '../support/browser.ts';
import type { Row } from '../support/program.ts';
import { accept, addToCart, refuse, startWalkedShop, toBoot, type WalkedShop, walkToOrder } from '../support/shop.ts';

let shop: WalkedShop;
let visit: Visit;

beforeAll(async () => {
  shop = await startWalkedShop();
});
afterAll(() => shop?.stop());
beforeEach(async () => {
  visit = await shop.visit();
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

describe('before the choice', () => {
  test('nothing is stored and no event is sent, from the first page to the cart', async () => {
    const { page } = visit;
    await page.goto(shop.origin);
    await toBoot(page);
    await addToCart(page);

    expect(await visit.stored()).toEqual(NOTHING_STORED);
    expect(visit.requestsTo('/p.full.js')).not.toEqual([]);
    expect(visit.requestsTo('/v1/events')).toEqual([]);
  });
});

describe('accepted', () => {
  test('an order is counted once, however often its page is loaded again, here or in another tab', async () => {
    const { page, context } = visit;
    await page.goto(shop.origin);
    await accept(page);
    const order = await walkToOrder(page);
    await page.reload();
    const tab = await context.newPage();
    await tab.goto(page.url());

    const views = (rows: readonly Row[]) =>
      rows.filter(({ path, type }) => path === '/confirmation' && type === 'page_view');
    const rows = await shop.program.rowsWhen(rowsOfOrder(order), (found) => views(found).length === 3);
    expect(rows.filter(({ type }) => type === 'purchase')).toHaveLength(1);
    expect(new Set(rows.map(({ visitor_id }) => visitor_id)).size).toBe(1);
    expect(new Set(rows.map(({ session_id }) => session_id)).size).toBe(1);
    expect(rows.every(({ granted }) => granted === true)).toBe(true);
    expect(await page.locator('[data-cart-count]').textContent()).toBe('0');
  });

  test('the choice is asked once and told on every later page', async () => {
    const { page } = visit;
    await page.goto(shop.origin);
    await accept(page);
    await page.goto(`${shop.origin}/products/gear`);
    expect(await page.getByRole('button', { name: 'Accept' }).isVisible()).toBe(false);
  });
});

describe('refused', () => {
  test('the whole walk leaves no request, nothing stored and no row', async () => {
    // What the visitor before has sent at the end is a row as well, by now.
    await seeNextVisitorArrive();
    const before = await visitors();
    const { page } = visit;
    await page.goto(shop.origin);
    await refuse(page);
    await walkToOrder(page);

    expect(visit.requestsTo('/v1/events')).toEqual([]);
    expect(await visit.stored()).toEqual(NOTHING_STORED);
    await seeNextVisitorArrive();
    expect(await visitors()).toHaveLength(before.length + 1);
  });
});

describe('withdrawn', () => {
  test('what was stored is gone at once and nothing more is sent', async () => {
    const { page } = visit;
    await page.goto(shop.origin);
    const answered = page.waitForResponse((response) => new URL(response.url()).pathname === '/v1/events');
    await accept(page);
    await answered;
    expect((await visit.stored()).localStorage).not.toEqual([]);

    await page.getByRole('button', { name: 'Change my choice' }).click();
    await refuse(page);
    // At once: what is left is a marker without an id, until the collector knows.
    expect(await page.evaluate(() => localStorage.getItem('pc_shop') ?? '')).not.toContain('visitor_id');
    await expect.poll(visit.stored).toEqual(NOTHING_STORED);

    const sent = visit.requestsTo('/v1/events').length;
    await walkToOrder(page);
    expect(visit.requestsTo('/v1/events')).toHaveLength(sent);
    expect({ ...(await visit.stored()), cookies: [] }).toEqual(NOTHING_STORED);
  });
});

describe('by keyboard', () => {
  const focused = () => visit.page.evaluate(() => document.activeElement?.textContent);

  test('the banner is reached, answered and opened again, and gives the focus back', async () => {
    const { page } = visit;
    await page.goto(shop.origin);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Accept');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Refuse');
    await page.keyboard.press('Enter');
    expect(await page.locator('#consent').isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Change my choice' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#consent').getByText('So far you have refused.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Change my choice');
  });

  test('a variant is chosen, put into the cart, taken out, and the checkout goes on from heading to heading', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/product/rucksack`);
    await refuse(page);
    await page.getByLabel('28 L').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#price').textContent()).toBe('€139.00');
    await page.getByRole('button', { name: 'Add to cart' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Go to the cart' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/cart');

    await page.getByRole('link', { name: 'Checkout' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/checkout');
    await page.getByLabel('Name').fill('A');
    await page.getByLabel('E-mail').fill('a@b.example');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/checkout/delivery');
    expect(await focused()).toBe('Delivery');
    expect(await page.title()).toBe('Delivery · Cairn');
    await page.goBack();
    expect(await focused()).toBe('Your details');
    expect(await page.getByLabel('Name').inputValue()).toBe('A');

    await page.goto(`${shop.origin}/cart`);
    await page.getByRole('button', { name: 'Remove Rucksack' }).focus();
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('See all products');
  });
});

/** All rows of the visitor who placed an order, in the order in which they happened. */
const rowsOfOrder = (order: string): string => `
  SELECT type, path, visitor_id, session_id, list_contains(purposes, 'audience') AS granted
  FROM events
  WHERE visitor_id = (SELECT visitor_id FROM events WHERE type = 'purchase' AND order_id = '${order}' LIMIT 1)
  ORDER BY occurred_at, seq`;

const visitors = (): Promise<readonly Row[]> => shop.program.query('SELECT DISTINCT visitor_id FROM events');

/** Another person accepts and is seen in the rows: whatever was sent before this has arrived by then. */
async function seeNextVisitorArrive(): Promise<void> {
  const next = await shop.visit();
  await next.page.goto(`${shop.origin}/products/clothing`);
  await accept(next.page);
  const id = await visitorOf(next.page);
  await shop.program.rowsWhen(`SELECT 1 FROM events WHERE visitor_id = '${id}'`, (rows) => rows.length > 0);
  await next.close();
}
