import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChild } from '../../test/support/child.ts';
import { freePort } from '../../test/support/free_port.ts';
import { type Shop, startShop } from '../../test/support/shop.ts';

const COLLECTOR = 'http://localhost:9';
let shop: Shop;

beforeAll(async () => {
  shop = await startShop({ collector: COLLECTOR });
});

afterAll(() => shop.stop());

const get = (path: string): Promise<Response> => fetch(`${shop.origin}${path}`, { redirect: 'manual' });

const textOf = async (path: string, language = 'en'): Promise<string> =>
  (await fetch(`${shop.origin}${path}`, { headers: { 'accept-language': language } })).text();

/** What a page says to its script. */
const dataOf = async (path: string): Promise<Record<string, Record<string, unknown>>> => {
  const [, json = '{}'] = (await textOf(path)).match(/id="page-data">(.*?)<\/script>/) ?? [];
  return JSON.parse(json);
};

describe('pages', () => {
  test.each([
    ['/', 200],
    ['/products', 200],
    ['/products/shoes', 200],
    ['/products/reduced', 200],
    ['/product/walking-boot', 200],
    ['/search?q=tent', 200],
    ['/cart', 200],
    ['/checkout', 200],
    ['/wishlist', 200],
    ['/account', 200],
    ['/stores', 200],
    ['/rough', 200],
    ['/slow?ms=1', 200],
    ['/confirmation?order=W-20261122-00AB12CD', 200],
    ['/shop.css', 200],
    ['/product/no-such', 404],
    ['/products/constructor', 404],
    ['/product', 404],
    ['/product/walking-boot/more', 404],
    ['/cart/more', 404],
    ['/qr/never-printed', 404],
    ['/qr/constructor', 404],
    ['/../server.mjs', 404],
    ['/%2e%2e/server.mjs', 404],
    ['//', 200],
  ])('%s answers %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  test.each([
    ['/qr/window-7', '/product/rain-jacket?pc_place=lyon-2&pc_code=window-7'],
    ['/checkout/payment', '/checkout'],
  ])('%s leads to %s', async (path, place) => {
    const { status, headers } = await get(path);
    expect([status, headers.get('location')]).toEqual([302, place]);
  });

  test('run no script and no style that their policy does not name', async () => {
    const response = await get('/');
    const policy = response.headers.get('content-security-policy') ?? '';
    const [, nonce] = policy.match(/'nonce-([^']+)'/) ?? [];
    const page = await response.text();
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'nonce-${nonce}' 'strict-dynamic';`);
    expect(policy).toContain(`connect-src ${COLLECTOR};`);
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    const scripts = page.match(/<script[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.every((tag) => tag.includes(`nonce="${nonce}"`))).toBe(true);
    expect(page).not.toMatch(/\sstyle=|\son\w+=|<style/);
  });

  test('each answer has a nonce of its own', async () => {
    const nonces = await Promise.all([get('/'), get('/')]);
    expect(new Set(nonces.map(({ headers }) => headers.get('content-security-policy'))).size).toBe(2);
  });

  test('what comes with the address is never markup, in the page or in its data', async () => {
    const hostile = encodeURIComponent('</script><img src=x>');
    expect(await textOf(`/confirmation?order=${hostile}`)).not.toContain('<img');
    const found = await textOf(`/search?q=${hostile}`);
    expect(found).not.toContain('<img');
    expect(found).toContain('"search_term":"\\u003c/script>\\u003cimg src=x>"');
  });

  test.each([
    ['fr-FR,fr;q=0.9,en;q=0.8', 'fr'],
    ['en-GB', 'en'],
    ['de,en;q=0.5,fr;q=0.7', 'fr'],
    ['de', 'en'],
    ['fr;q=0', 'en'],
    [', ;;q=x', 'en'],
  ])('a browser that asks for %s reads %s', async (header, language) => {
    expect(await textOf('/', header)).toContain(`<html lang="${language}">`);
  });
});

test('both languages say the same things, with the same places to fill in', async () => {
  const [{ en }, { fr }] = await Promise.all(['en', 'fr'].map((name) => import(`./texts/${name}.mjs`)));
  const shape = (text: unknown): unknown =>
    typeof text === 'string'
      ? (text.match(/\{\w+\}/g) ?? []).sort()
      : Object.entries(text as object).map(([key, value]) => [key, shape(value)]);
  expect(shape(fr)).toEqual(shape(en));
});

describe('a search', () => {
  test.each([
    ['BOOT', ['SKU-1042']],
    ['veste  pluie', ['SKU-2010']],
    ['gear red', ['SKU-3042']],
    ['sac a dos', ['SKU-3005']],
    ['LÉGER', ['SKU-1077']],
    ['kayak', []],
  ])('for %j finds %j, whatever the case and the accents', async (term, found) => {
    const { search, list } = await dataOf(`/search?q=${encodeURIComponent(term)}`);
    const items = list?.items as readonly { readonly item_id: string }[];
    expect(search).toEqual({ search_term: term, results: found.length });
    if (found.length > 0) expect(items.map(({ item_id }) => item_id)).toEqual(found);
  });
});

test('other methods are refused with those that are not', async () => {
  const response = await fetch(`${shop.origin}/cart`, { method: 'DELETE' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

describe.each(['vanilla-cookieconsent', 'tcf'])('under %s', (consent) => {
  let other: Shop;
  beforeAll(async () => {
    other = await startShop({ collector: COLLECTOR, consent });
  });
  afterAll(() => other.stop());

  test('the policy of the pages is as strict, and nothing comes from elsewhere', async () => {
    const response = await fetch(other.origin);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|\*/);
    const addresses = [...(await response.text()).matchAll(/\s(?:src|href)="([^"#]+)"/g)].map(
      ([, address = '']) => address,
    );
    const others = addresses.filter((address) => !/^(\/|data:)/.test(address));
    const loaded = others.filter((address) => address !== `${COLLECTOR}/v1/rights/shop?lang=en`);
    expect(loaded).toHaveLength(others.length - 1);
    expect(loaded.every((address) => address.startsWith(`${COLLECTOR}/p.`))).toBe(true);
    for (const path of addresses.filter((address) => /\.(js|css)$/.test(address) && address.startsWith('/')))
      expect([path, (await fetch(`${other.origin}${path}`)).status]).toEqual([path, 200]);
  });

  test('every script that a page loads is there', async () => {
    const seen = new Set<string>();
    const walk = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const response = await fetch(`${other.origin}${path}`);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([
        path,
        200,
        'text/javascript; charset=utf-8',
      ]);
      const imports = [...(await response.text()).matchAll(/^(?:import|\} from).*?'\.(\/[^']+)';$/gm)];
      await Promise.all(imports.map(([, next = '']) => walk(next)));
    };
    await walk('/shop.js');
    expect([...seen]).toContain('/consent.js');
    expect([...seen]).toContain(consent === 'tcf' ? '/tc_string.js' : '/vanilla-cookieconsent.js');
  });
});

describe('a start that cannot be', () => {
  test('a consent manager that there is not ends it with the names of those there are', async () => {
    const child = startChild(process.execPath, ['examples/shop/server.mjs', '--consent', 'klaro']);
    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.output()).toBe('shop: --consent must be one of own, vanilla-cookieconsent, tcf, not "klaro"\n');
  });

  test.each([
    ['SHOP_PORT', 'eighty', 'SHOP_PORT must be a port number, not "eighty"'],
    ['COLLECTOR_URL', 'collector', 'COLLECTOR_URL must be an absolute URL, not "collector"'],
  ])('%s=%s ends it with one line', async (variable, value, message) => {
    const env = { SHOP_PORT: String(await freePort()), [variable]: value };
    const child = startChild(process.execPath, ['examples/shop/server.mjs'], { env });
    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.output()).toBe(`shop: ${message}\n`);
  });

  test('a port in use ends it with the variable that moves it', async () => {
    const port = new URL(shop.origin).port;
    const child = startChild(process.execPath, ['examples/shop/server.mjs'], { env: { SHOP_PORT: port } });
    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.output()).toContain(`shop: port ${port} is in use; set SHOP_PORT to another\n`);
  });
});
