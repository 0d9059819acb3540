import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Visit } from '../support/browser.ts';
import type { Row } from '../support/program.ts';
import { accept, addToCart, checkOut, placeOrder, startWalkedShop, TYPED, type WalkedShop } from '../support/shop.ts';

/** One person walks the whole shop once; the tests below read what it left. */
let shop: WalkedShop;
let visit: Visit;
let order: string;
let rows: readonly Row[];

beforeAll(async () => {
  shop = await startWalkedShop();
  visit = await shop.visit();
  order = await walk(visit.page);
  rows = await shop.program.rowsWhen(STEPS_OF_THE_SHOP, (found) => found.length >= WALK.length);
});
afterAll(async () => {
  await visit?.close();
  await shop?.stop();
});

async function walk(page: Page): Promise<string> {
  await page.goto(shop.origin);
  await accept(page);
  await page.getByRole('link', { name: 'See what is reduced' }).click();
  await page.waitForURL('**/products/reduced');

  await page.getByRole('searchbox').fill('walking BOOT');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/search?*');
  await page.getByRole('link', { name: 'Walking boot' }).click();
  await page.waitForURL('**/product/walking-boot');
  await page.getByText('Pine', { exact: true }).click();
  await page.getByText('42', { exact: true }).click();
  await page.getByRole('button', { name: 'Put on the wish list' }).click();
  await page.getByText('Which size?').click();
  await addToCart(page, '3');

  await page.getByRole('button', { name: 'One less: Walking boot' }).click();
  await page.goto(`${shop.origin}/product/fleece`);
  await addToCart(page);
  await coupon(page, 'canary.coupon@mail.example', 'We do not know this coupon.');
  await coupon(page, 'welcome10', 'WELCOME10 holds: 10 % off.');
  await checkOut(page, { store: 'Cairn Annecy' });
  await page.getByLabel('At the till').check();
  return placeOrder(page);
}

async function coupon(page: Page, code: string, answer: string): Promise<void> {
  await page.getByLabel('Coupon').fill(code);
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText(answer).waitFor();
}

/** What the shop tells, in the order in which it happened: not what observers see of their own accord. */
const STEPS_OF_THE_SHOP = `
  SELECT type, path, order_id, amount_minor, currency, visitor_id, session_id, props::VARCHAR AS props
  FROM events
  WHERE type IN ('page_view', 'view_promotion', 'select_promotion', 'search', 'view_item_list', 'select_item', 'view_item',
    'variant_selected', 'size_guide_opened', 'add_to_wishlist', 'add_to_cart', 'remove_from_cart', 'view_cart',
    'coupon_refused', 'coupon_applied', 'begin_checkout', 'add_shipping_info', 'add_payment_info', 'purchase')
  ORDER BY occurred_at, seq`;

/** Type and path of each row. */
const WALK = [
  ['page_view', '/'],
  ['view_item_list', '/'],
  ['view_promotion', '/'],
  ['select_promotion', '/'],
  ['page_view', '/products/reduced'],
  ['view_item_list', '/products/reduced'],
  ['page_view', '/search'],
  ['search', '/search'],
  ['view_item_list', '/search'],
  ['select_item', '/search'],
  ['page_view', '/product/walking-boot'],
  ['view_item', '/product/walking-boot'],
  ['variant_selected', '/product/walking-boot'],
  ['variant_selected', '/product/walking-boot'],
  ['add_to_wishlist', '/product/walking-boot'],
  ['size_guide_opened', '/product/walking-boot'],
  ['add_to_cart', '/product/walking-boot'],
  ['page_view', '/cart'],
  ['view_cart', '/cart'],
  ['remove_from_cart', '/cart'],
  ['page_view', '/product/fleece'],
  ['view_item', '/product/fleece'],
  ['add_to_cart', '/product/fleece'],
  ['page_view', '/cart'],
  ['view_cart', '/cart'],
  ['page_view', '/cart'],
  ['coupon_refused', '/cart'],
  ['view_cart', '/cart'],
  ['page_view', '/cart'],
  ['coupon_applied', '/cart'],
  ['view_cart', '/cart'],
  ['page_view', '/checkout'],
  ['begin_checkout', '/checkout'],
  ['page_view', '/checkout/delivery'],
  ['add_shipping_info', '/checkout/delivery'],
  ['page_view', '/checkout/payment'],
  ['add_payment_info', '/checkout/payment'],
  ['page_view', '/confirmation'],
  ['purchase', '/confirmation'],
];

const BOOT = {
  item_id: 'SKU-1042',
  item_name: 'Walking boot',
  item_brand: 'Cairn',
  item_category: 'Shoes',
  price: 129.9,
} as const;
const PINE_42 = { ...BOOT, item_variant: 'Pine, 42' } as const;
const FLEECE = {
  item_id: 'SKU-2034',
  item_name: 'Half-zip fleece',
  item_brand: 'Cairn',
  item_category: 'Clothing',
  item_variant: 'Clay, S',
  price: 74.9,
  discount: 15,
} as const;

/** With WELCOME10: 10 % off each unit, to the cent. */
const WITH_COUPON = [
  { ...PINE_42, quantity: 2, price: 116.91, discount: 12.99 },
  { ...FLEECE, quantity: 1, price: 67.41, discount: 22.49 },
];
const COLLECTED = WITH_COUPON.map((item) => ({ ...item, location_id: 'annecy-1' }));

const propsOf = (type: string): readonly unknown[] =>
  rows.filter((row) => row.type === type).map(({ props }) => JSON.parse(String(props)));
const rowOf = (type: string): Row | undefined => rows.find((row) => row.type === type);

test('each step is a row, in order, of one visitor in one session', () => {
  expect(rows.map(({ type, path }) => [type, path])).toEqual(WALK);
  expect(new Set(rows.map(({ visitor_id }) => visitor_id)).size).toBe(1);
  expect(new Set(rows.map(({ session_id }) => session_id)).size).toBe(1);
});

test('no error, and nothing that the content security policy blocks', () => {
  expect(visit.faults).toEqual([]);
});

test('the promotion is seen with its items, and chosen by markup alone', () => {
  const promotion = { promotion_id: 'hut-weeks', promotion_name: 'Hut weeks' };
  const creative = { creative_name: 'Two tents', creative_slot: 'home_under_hero' };
  expect(propsOf('view_promotion')).toMatchObject([
    {
      ...promotion,
      ...creative,
      items: [
        { item_id: 'SKU-2034', discount: 15 },
        { item_id: 'SKU-3060', discount: 40 },
      ],
    },
  ]);
  expect(propsOf('select_promotion')).toEqual([{ ...promotion, ...creative }]);
  expect(propsOf('size_guide_opened')).toEqual([{ item_id: 'SKU-1042' }]);
});

test('lists and searches say what was shown, and what was chosen from where', () => {
  const results = { item_list_id: 'search_results', item_list_name: 'Search results' };
  expect(propsOf('search')).toEqual([{ search_term: 'walking BOOT', results: 1 }]);
  expect(propsOf('view_item_list')).toMatchObject([
    { item_list_id: 'home', items: [{ index: 0 }, { index: 1 }, { index: 2 }, { index: 3 }] },
    { item_list_id: 'reduced', item_list_name: 'Hut weeks', items: [{ item_id: 'SKU-2034' }, { item_id: 'SKU-3060' }] },
    { ...results, items: [{ ...BOOT, index: 0 }] },
  ]);
  expect(propsOf('select_item')).toEqual([{ ...results, items: [{ ...BOOT, index: 0 }] }]);
});

test('the cart is told by variant, with the units that changed', () => {
  const money = (value: number) => ({ currency: 'EUR', value });
  expect(propsOf('view_item')[0]).toEqual({
    ...money(129.9),
    items: [{ ...BOOT, item_variant: 'Clay, 38', quantity: 1 }],
  });
  expect(propsOf('variant_selected')).toEqual([
    { item_id: 'SKU-1042', item_variant: 'Pine, 38', price: 129.9, option: 'colour' },
    { item_id: 'SKU-1042', item_variant: 'Pine, 42', price: 129.9, option: 'size' },
  ]);
  expect(propsOf('add_to_wishlist')).toEqual([{ ...money(129.9), items: [{ ...PINE_42, quantity: 1 }] }]);
  expect(propsOf('add_to_cart')).toEqual([
    { ...money(389.7), items: [{ ...PINE_42, quantity: 3 }] },
    { ...money(74.9), items: [{ ...FLEECE, quantity: 1 }] },
  ]);
  expect(propsOf('remove_from_cart')).toEqual([{ ...money(129.9), items: [{ ...PINE_42, quantity: 1 }] }]);
  expect(rowOf('add_to_cart')).toMatchObject({ amount_minor: 38_970, currency: 'EUR' });
});

test('a coupon of the whole order stands on the events, its discount on the items', () => {
  expect(propsOf('coupon_refused')).toEqual([{ reason: 'unknown' }]);
  expect(propsOf('coupon_applied')).toEqual([{ coupon: 'WELCOME10' }]);
  const told = { currency: 'EUR', value: 301.23, coupon: 'WELCOME10' };
  expect(propsOf('view_cart').at(-1)).toEqual({ ...told, items: WITH_COUPON });
  expect(propsOf('begin_checkout')).toEqual([{ ...told, items: WITH_COUPON }]);
  expect(propsOf('add_shipping_info')).toEqual([{ ...told, shipping_tier: 'Store pickup', items: COLLECTED }]);
  expect(propsOf('add_payment_info')).toEqual([{ ...told, payment_type: 'In store', items: COLLECTED }]);
});

test('the purchase carries the number and the amounts that the server gave it', () => {
  expect(order).toMatch(/^W-\d{8}-[0-9A-F]{8}$/);
  expect(propsOf('purchase')).toEqual([
    {
      transaction_id: order,
      currency: 'EUR',
      value: 301.23,
      tax: 50.21,
      shipping: 0,
      coupon: 'WELCOME10',
      payment_type: 'In store',
      items: COLLECTED,
    },
  ]);
  expect(rowOf('purchase')).toMatchObject({ order_id: order, amount_minor: 30_123, currency: 'EUR' });
});

test('nothing that was typed into a form is sent, rests in a row, or lies in the log', async () => {
  const typed = [...Object.values(TYPED), 'canary', TYPED.phone.replaceAll(' ', '')].map((text) => text.toLowerCase());
  const found = (text: string) => typed.filter((each) => text.toLowerCase().includes(each));
  for (const request of visit.requestsTo('/v1/events')) expect(found(request.postData() ?? '')).toEqual([]);
  for (const table of ['events', 'failed']) {
    const all = await shop.program.query(`SELECT * FROM ${table}`);
    expect(found(JSON.stringify(all))).toEqual([]);
  }
  expect(await shop.program.query('SELECT * FROM failed')).toEqual([]);
  const log = join(shop.program.data, 'log');
  const files = (await readdir(log, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  for (const { parentPath, name } of files) expect(found(await readFile(join(parentPath, name), 'utf8'))).toEqual([]);
});
