import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Shop, startShop } from '../../test/support/shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ collector: 'http://localhost:9' });
});

afterAll(() => shop.stop());

const textOf = async (path: string, language = 'en'): Promise<string> =>
  (await fetch(`${shop.origin}${path}`, { headers: { 'accept-language': language } })).text();

/** What a page says to its script. */
const dataOf = async (path: string): Promise<Record<string, Record<string, unknown>>> => {
  const [, json = '{}'] = (await textOf(path)).match(/id="page-data">(.*?)<\/script>/) ?? [];
  return JSON.parse(json);
};

const post = (path: string, fields: readonly (readonly [string, string])[], headers: Record<string, string> = {}) =>
  fetch(`${shop.origin}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams(fields.map(([name, value]) => [name, value])),
  });

describe('a coupon', () => {
  test.each([
    [' welcome10 ', '/cart?coupon=WELCOME10'],
    ['summer24', '/cart?refused=expired'],
    ['someone@mail.example', '/cart?refused=unknown'],
  ])('typed as %j leads to %s', async (code, place) => {
    expect((await post('/coupon', [['code', code]])).headers.get('location')).toBe(place);
  });
});

describe('an order', () => {
  const BOOTS = ['line', 'SKU-1042.clay.42*2'] as const;
  const CARD = ['payment', 'card'] as const;
  const purchaseOf = async (...fields: (readonly [string, string])[]) => {
    const place = (await post('/orders', fields)).headers.get('location') ?? '';
    expect(place).toMatch(/^\/confirmation\?order=W-\d{8}-[0-9A-F]{8}$/);
    return (await dataOf(place)).confirmation?.purchase as Record<string, unknown>;
  };

  test('gets a number of its own and the prices of the shop', async () => {
    const [first, second] = await Promise.all([
      purchaseOf(BOOTS, CARD, ['shipping', 'express']),
      purchaseOf(BOOTS, CARD, ['shipping', 'express']),
    ]);
    expect(first).toMatchObject({ currency: 'EUR', value: 259.8, shipping: 9.9, tax: 44.95, payment_type: 'Card' });
    expect(first.transaction_id).not.toBe(second.transaction_id);
  });

  test.each([
    ['SKU-3018.pine.0.75L*1', 'standard', 29.9, 4.9],
    ['SKU-3018.pine.1L*3', 'standard', 104.7, 0],
    ['SKU-3018.pine.1L*1', 'pickup', 34.9, 0],
  ])('of %s by %s costs %d and %d', async (line, shipping, value, freight) => {
    const purchase = await purchaseOf(['line', line], CARD, ['shipping', shipping], ['store', 'lyon-2']);
    expect(purchase).toMatchObject({ value, shipping: freight });
  });

  test.each([
    ['WELCOME10', { coupon: 'WELCOME10', value: 233.82 }, { price: 116.91, discount: 12.99 }],
    ['SHOES15', { value: 220.82 }, { price: 110.41, discount: 19.49, coupon: 'SHOES15' }],
    ['HIKE20', { value: 259.8 }, { price: 129.9 }],
    ['SUMMER24', { value: 259.8 }, { price: 129.9 }],
  ])('with %s is %j, each item %j', async (code, order, item) => {
    const { items, ...purchase } = await purchaseOf(BOOTS, CARD, ['shipping', 'standard'], ['coupon', code]);
    expect(purchase).toMatchObject(order);
    expect(purchase.coupon).toBe('coupon' in order ? order.coupon : undefined);
    expect(items).toEqual([{ ...(items as object[])[0], ...item }]);
    expect((items as { coupon?: string }[])[0]?.coupon).toBe('coupon' in item ? item.coupon : undefined);
  });

  test('keeps nothing of who ordered', async () => {
    const fields = [BOOTS, CARD, ['shipping', 'standard'], ['name', 'Canary'], ['email', 'canary@x.example']] as const;
    const place = (await post('/orders', fields)).headers.get('location') ?? '';
    expect((await textOf(place)).toLowerCase()).not.toContain('canary');
  });

  test.each([
    ['nothing in it', [CARD, ['shipping', 'standard']]],
    ['something that is not sold', [['line', 'SKU-9*1'], CARD, ['shipping', 'standard']]],
    ['half a unit', [['line', 'SKU-1042.clay.42*0.5'], CARD, ['shipping', 'standard']]],
    ['no way of delivery', [BOOTS, CARD]],
    ['no such payment', [BOOTS, ['payment', 'toString'], ['shipping', 'standard']]],
    ['no such store', [BOOTS, CARD, ['shipping', 'pickup'], ['store', 'nowhere']]],
  ] as const)('with %s is refused', async (_what, fields) => {
    expect((await post('/orders', fields)).status).toBe(400);
  });

  test('that another site sends, or that is too long, is refused', async () => {
    const fields = [BOOTS, CARD, ['shipping', 'standard']] as const;
    expect((await post('/orders', fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
    expect((await post('/orders', [...fields, ['name', 'x'.repeat(70_000)]])).status).toBe(400);
  });
});

describe('a login', () => {
  test('gives one customer one number, and ends with the logout', async () => {
    const login = async (email: string) => {
      const [cookie = ''] = (await post('/login', [['email', email]])).headers.getSetCookie();
      expect(cookie).toMatch(/^shop_session=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Lax$/);
      return cookie.split(';')[0] ?? '';
    };
    const account = async (cookie: string) =>
      (await fetch(`${shop.origin}/account`, { headers: { cookie } }))
        .text()
        .then((page) => page.match(/C-\d{6}/)?.[0]);
    const [first, again, other] = [await login('a@b.example'), await login(' A@B.example'), await login('c@d.example')];
    expect(await account(first)).toBe(await account(again));
    expect(await account(first)).not.toBe(await account(other));
    await post('/logout', [], { cookie: first });
    expect([await account(first), await account('shop_session=guess')]).toEqual([undefined, undefined]);
  });
});
