import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Visit, visitorOf } from '../support/browser.ts';
import { type Row, rowsWhen } from '../support/program.ts';
import { accept, addToCart, refuse, startWalkedShop, type WalkedShop } from '../support/shop.ts';

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

const presentVisitor = (): Promise<string> => visitorOf(visit.page);

/** The rows of the present visitor with one name, once there are so many. Whose they are is asked anew at each try. */
async function rowsOf(type: string, count = 1): Promise<readonly (Row & { readonly props: unknown })[]> {
  const ask = async () => {
    const visitor = await presentVisitor();
    return shop.program.query(
      `SELECT type, path, url, place_id, keys::VARCHAR AS keys, props::VARCHAR AS props FROM events
       WHERE visitor_id = '${visitor}' AND type = '${type}' ORDER BY occurred_at, seq`,
    );
  };
  const rows = await rowsWhen(ask, (found) => found.length >= count);
  return rows.map((row) => ({ ...row, props: JSON.parse(String(row.props)) }));
}

describe('a printed code', () => {
  test('leads to its product; the view that it brought says its place and code, and the stored address does not', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/qr/window-7`);
    expect(page.url()).toBe(`${shop.origin}/product/rain-jacket?pc_place=lyon-2&pc_code=window-7`);
    await page.getByText('You scanned a sign in Cairn Lyon.').waitFor();
    await accept(page);
    expect(await rowsOf('page_view')).toMatchObject([
      { url: `${shop.origin}/product/rain-jacket`, place_id: 'lyon-2', keys: '{"qr":"window-7"}' },
    ]);
  });
});

describe('a search that finds nothing', () => {
  test('is told with none, and offers a list of its own', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/search?q=kayak`);
    await page.getByRole('heading', { name: 'Nothing found for “kayak”' }).waitFor();
    await accept(page);
    expect(await rowsOf('search')).toMatchObject([{ props: { search_term: 'kayak', results: 0 } }]);
    expect(await rowsOf('view_item_list')).toMatchObject([{ props: { item_list_id: 'search_instead' } }]);
  });
});

describe('a coupon for some items', () => {
  test('stands on those items and not on the event', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/product/trail-shoe`);
    await accept(page);
    await addToCart(page);
    await page.goto(`${shop.origin}/product/head-torch`);
    await addToCart(page);
    await page.getByLabel('Coupon').fill('SHOES15');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('SHOES15 holds: 15 % off Shoes.').waitFor();
    const props = (await rowsOf('view_cart', 3)).at(-1)?.props;
    expect(props).toEqual({
      currency: 'EUR',
      value: 129.47,
      items: [
        expect.objectContaining({ item_id: 'SKU-1077', price: 84.57, discount: 14.93, coupon: 'SHOES15' }),
        {
          item_id: 'SKU-3042',
          item_name: 'Head torch',
          item_brand: 'Cairn',
          item_category: 'Gear',
          item_variant: 'Clay',
          price: 44.9,
          quantity: 1,
        },
      ],
    });

    await page.getByRole('button', { name: 'Take the coupon off' }).click();
    expect(await page.locator('#total').textContent()).toBe('€144.40');
    expect(await rowsOf('coupon_removed')).toMatchObject([{ props: { coupon: 'SHOES15' } }]);
  });

  test('holds only from its minimum', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/product/head-torch`);
    await refuse(page);
    await addToCart(page);
    await page.getByLabel('Coupon').fill('HIKE20');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('HIKE20 holds from €300.00. €255.10 to go.').waitFor();
    expect(await page.locator('#total').textContent()).toBe('€44.90');
  });
});

describe('a variant with a price of its own', () => {
  test('is shown and told at that price', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/product/ridge-tent`);
    await accept(page);
    await page.getByText('3P', { exact: true }).click();
    expect(await page.locator('#price').textContent()).toBe('€429.00');
    await addToCart(page);
    expect(await rowsOf('view_item')).toMatchObject([{ props: { value: 349, items: [{ discount: 40 }] } }]);
    const [added] = await rowsOf('add_to_cart');
    expect(added?.props).toMatchObject({ value: 429, items: [{ item_variant: 'Clay, 3P', price: 429 }] });
    expect(JSON.stringify(added?.props)).not.toContain('discount');
  });
});

describe('the wish list', () => {
  test('keeps a variant until it is taken off', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/product/steel-bottle`);
    await accept(page);
    await page.getByRole('button', { name: 'Put on the wish list' }).click();
    await page.getByRole('link', { name: 'Wish list' }).click();
    await page.waitForURL('**/wishlist');
    await page.getByRole('button', { name: 'Remove Steel bottle' }).click();
    await page.getByText('Nothing wished for yet.').waitFor();
    expect(await rowsOf('add_to_wishlist')).toMatchObject([{ path: '/product/steel-bottle', props: { value: 29.9 } }]);
    expect(await rowsOf('remove_from_wishlist')).toMatchObject([{ path: '/wishlist' }]);
  });
});

describe('a login', () => {
  test('joins events with the customer once that is accepted too, and a logout makes another visitor', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/account`);
    await accept(page);
    await page.getByLabel('E-mail').fill('canary.customer@mail.example');
    await page.getByLabel('Password').fill('canary-password');
    await page.getByRole('button', { name: 'Log in' }).click();
    const customer = (await page.locator('.lead strong').textContent()) ?? '';
    // A page that is left before its scripts have run tells nothing: this one has told, and no key yet.
    await presentVisitor();
    expect(customer).toMatch(/^C-\d{6}$/);

    await page.goto(`${shop.origin}/products`);
    await page.goto(`${shop.origin}/account`);
    await page.locator('[data-join=accept]').click();
    await page.locator('#join').getByText('So far you have accepted.').waitFor();
    await page.goto(`${shop.origin}/products/gear`);
    const known = JSON.stringify({ customer_id: customer });
    expect(await rowsOf('view_item_list', 2)).toMatchObject([
      { path: '/products', keys: null },
      { path: '/products/gear', keys: known },
    ]);
    // The pages of before said who it is as well: without the purpose for it, nobody was told.
    expect(await rowsOf('identify')).toMatchObject([{ path: '/products/gear', keys: known }]);

    await page.goto(`${shop.origin}/account`);
    const before = await presentVisitor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    const after = await rowsOf('page_view');
    expect(after).toMatchObject([{ path: '/account', keys: null }]);
    expect(await presentVisitor()).not.toBe(before);
    const all = await shop.program.query('SELECT * FROM events');
    expect(JSON.stringify(all)).not.toContain('canary');
  });
});

describe('rough ground', () => {
  test('the dead button is dead, and told as such', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/rough`);
    await accept(page);
    await page.getByRole('button', { name: 'Check availability' }).click();
    expect(await rowsOf('dead_click')).toMatchObject([
      { path: '/rough', props: { element: expect.stringContaining('#dead') } },
    ]);
  });

  test('the slow page is as slow as its address says, and counted', async () => {
    const { page } = visit;
    await page.goto(`${shop.origin}/slow?ms=400`);
    await page.getByText('The server took 400 ms').waitFor();
    await accept(page);
    expect(await rowsOf('page_view')).toMatchObject([{ path: '/slow' }]);
  });
});

describe('in French', () => {
  test('people read French, and events still say the one name of a product', async () => {
    await visit.close();
    visit = await shop.visit({ locale: 'fr-FR' });
    const { page } = visit;
    await page.goto(`${shop.origin}/product/walking-boot`);
    await page.getByRole('heading', { name: 'Chaussure de marche' }).waitFor();
    expect(await page.locator('#price').textContent()).toMatch(/^129,90\s€$/);
    await accept(page);
    expect(await rowsOf('view_item')).toMatchObject([{ props: { items: [{ item_name: 'Walking boot' }] } }]);
  });
});

test('no page is wider than a telephone of 360 px', async () => {
  await visit.close();
  visit = await shop.visit({ locale: 'fr-FR', viewport: { width: 360, height: 740 } });
  const { page } = visit;
  await page.goto(`${shop.origin}/product/ridge-tent`);
  await refuse(page);
  await page.locator('#add [type=submit]').click();
  const paths = ['/', '/products', '/product/fleece', '/search?q=pluie', '/cart', '/checkout', '/stores', '/account'];
  for (const path of [...paths, '/rough', '/wishlist']) {
    await page.goto(`${shop.origin}${path}`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect([path, over]).toEqual([path, 0]);
  }
});
