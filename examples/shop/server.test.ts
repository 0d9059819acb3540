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

describe('pages', () => {
  test.each([
    ['/', 200],
    ['/products', 200],
    ['/products/shoes', 200],
    ['/product/walking-boot', 200],
    ['/cart', 200],
    ['/confirmation?order=W-20261122-00AB12', 200],
    ['/shop.css', 200],
    ['/product/no-such', 404],
    ['/products/constructor', 404],
    ['/product/walking-boot/more', 404],
    ['/../server.mjs', 404],
    ['/%2e%2e/server.mjs', 404],
    ['//', 200],
  ])('%s answers %i', async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  test('run no script and no style that their policy does not name', async () => {
    const response = await get('/');
    const policy = response.headers.get('content-security-policy') ?? '';
    const [, nonce] = policy.match(/'nonce-([^']+)'/) ?? [];
    const page = await response.text();
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src ${COLLECTOR};`);
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

  test('what comes with the address is never markup', async () => {
    const page = await (await get('/confirmation?order=%3Cimg%20src=x%3E')).text();
    expect(page).not.toContain('<img');
    expect(page).toContain('No order here');
  });
});

describe('orders', () => {
  test('get a number each, and lead to the confirmation', async () => {
    const place = () => fetch(`${shop.origin}/orders`, { method: 'POST', redirect: 'manual' });
    const places = (await Promise.all([place(), place()])).map(({ headers }) => headers.get('location') ?? '');
    for (const location of places) expect(location).toMatch(/^\/confirmation\?order=W-\d{8}-[0-9A-F]{6}$/);
    expect(new Set(places).size).toBe(2);
  });

  test('other methods are refused with those that are not', async () => {
    const response = await fetch(`${shop.origin}/cart`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('a start that cannot be', () => {
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
