import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, NOTHING_STORED, openVisit, type Visit } from '../support/browser.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, type Row, startProgram } from '../support/program.ts';
import { type Shop, startShop } from '../support/shop.ts';

let program: Program;
let shop: Shop;
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  const port = await freePort();
  [program, browser] = await Promise.all([startProgram({ origins: [`http://localhost:${port}`] }), launchBrowser()]);
  shop = await startShop({ port, collector: program.collector });
});

afterAll(async () => {
  await browser?.close();
  await shop?.stop();
  await program?.stop();
});

beforeEach(async () => {
  visit = await openVisit(browser);
});

afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

describe('before the choice', () => {
  test('nothing is stored and no event is sent, from the first page to the cart', async () => {
    const { page } = visit;
    await page.goto(shop.origin);
    await toProduct(page);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: 'Go to the cart' }).click();
    await page.waitForURL('**/cart');

    expect(await visit.stored()).toEqual(NOTHING_STORED);
    expect(visit.requestsTo('/p.js')).not.toEqual([]);
    expect(visit.requestsTo('/v1/events')).toEqual([]);
  });
});

describe('accepted', () => {
  test('the walk from the front page to the order becomes rows, in order, of one visitor', async () => {
    const { page } = visit;
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Accept' }).click();
    const order = await walkToOrder(page);

    const rows = await program.rowsWhen(rowsOfOrder(order), (found) => found.length >= WALK.length);
    expect(rows.map(({ type, path }) => [type, path])).toEqual(WALK);
    expect(new Set(rows.map(({ visitor_id }) => visitor_id)).size).toBe(1);
    expect(new Set(rows.map(({ session_id }) => session_id)).size).toBe(1);
    expect(rows.every(({ granted }) => granted === true)).toBe(true);
    expect(rows.at(-1)).toMatchObject({ type: 'purchase', order_id: order, amount_minor: 25_980, currency: 'EUR' });
  });

  test('an order is counted once, however often its page is loaded again', async () => {
    const { page } = visit;
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Accept' }).click();
    const order = await walkToOrder(page);
    await page.reload();

    const views = (rows: readonly Row[]) =>
      rows.filter(({ path, type }) => path === '/confirmation' && type === 'page_view');
    const rows = await program.rowsWhen(rowsOfOrder(order), (found) => views(found).length === 2);
    expect(rows.filter(({ type }) => type === 'purchase')).toHaveLength(1);
  });

  test('the choice is asked once and told on every later page', async () => {
    const { page } = visit;
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.goto(`${shop.origin}/products/gear`);
    expect(await page.getByRole('button', { name: 'Accept' }).isVisible()).toBe(false);
  });
});

describe('refused', () => {
  test('the whole walk leaves no request, nothing stored and no row', async () => {
    const before = await visitors();
    const { page } = visit;
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Refuse' }).click();
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
    await page.getByRole('button', { name: 'Accept' }).click();
    await answered;
    expect((await visit.stored()).localStorage).not.toEqual([]);

    await page.getByRole('button', { name: 'Privacy choices' }).click();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.waitForFunction(async () => (await indexedDB.databases()).length === 0);
    // The collector's cookie is HttpOnly and out of the page's reach; without a grant nothing is sent that carries it.
    expect({ ...(await visit.stored()), cookies: [] }).toEqual(NOTHING_STORED);

    const sent = visit.requestsTo('/v1/events').length;
    await walkToOrder(page);
    expect(visit.requestsTo('/v1/events')).toHaveLength(sent);
    expect({ ...(await visit.stored()), cookies: [] }).toEqual(NOTHING_STORED);
  });
});

describe('the banner', () => {
  test('is reached, answered and opened again by keyboard, and gives the focus back', async () => {
    const { page } = visit;
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await page.goto(shop.origin);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Accept');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Refuse');
    await page.keyboard.press('Enter');
    expect(await page.locator('#consent').isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Privacy choices' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#consent').textContent()).toContain('So far you have refused.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Privacy choices');
  });
});

/** What the accepted walk leaves: type and path of each row. */
const WALK = [
  ['page_view', '/'],
  ['view_item_list', '/'],
  ['page_view', '/products'],
  ['view_item_list', '/products'],
  ['select_item', '/products'],
  ['page_view', '/product/walking-boot'],
  ['view_item', '/product/walking-boot'],
  ['add_to_cart', '/product/walking-boot'],
  ['page_view', '/cart'],
  ['view_cart', '/cart'],
  ['begin_checkout', '/cart'],
  ['page_view', '/confirmation'],
  ['purchase', '/confirmation'],
];

/** All rows of the visitor who placed an order, in the order in which they happened. */
const rowsOfOrder = (order: string): string => `
  SELECT type, path, visitor_id, session_id, order_id, amount_minor, currency, list_contains(purposes, 'audience') AS granted
  FROM events
  WHERE visitor_id = (SELECT visitor_id FROM events WHERE type = 'purchase' AND order_id = '${order}' LIMIT 1)
  ORDER BY occurred_at, seq`;

const visitors = (): Promise<readonly Row[]> => program.query('SELECT DISTINCT visitor_id FROM events');

async function toProduct(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'See all products' }).click();
  await page.waitForURL('**/products');
  await page.getByRole('link', { name: 'Walking boot' }).click();
  await page.waitForURL('**/product/walking-boot');
}

/** From the front page to the end: two pairs of boots. Returns the order's number. */
async function walkToOrder(page: Page): Promise<string> {
  await toProduct(page);
  await page.getByLabel('Quantity').selectOption('2');
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await page.getByRole('link', { name: 'Go to the cart' }).click();
  await page.waitForURL('**/cart');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await page.waitForURL('**/confirmation?order=*');
  return new URL(page.url()).searchParams.get('order') ?? '';
}

/** Another person accepts and is seen in the rows: whatever was sent before this has arrived by then. */
async function seeNextVisitorArrive(): Promise<void> {
  const next = await openVisit(browser);
  await next.page.goto(`${shop.origin}/products/clothing`);
  await next.page.getByRole('button', { name: 'Accept' }).click();
  await program.rowsWhen("SELECT 1 FROM events WHERE path = '/products/clothing'", (rows) => rows.length > 0);
  await next.close();
}
