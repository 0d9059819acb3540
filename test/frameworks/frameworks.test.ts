import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit } from '../support/browser.ts';
import type { Child } from '../support/child.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';
import { APPS, startApp } from './apps.ts';

beforeAll(async () => {});

describe.each(APPS)('$name', (app) => {
  let origin: string;
  let program: Program;
  let server: Child;

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    program = await startProgram({ origins: [origin] });
    server = await startApp(app, port, program.collector);
  }, 300_000);
  afterAll(async () => {
    await server?.stop();
    await program?.stop();
  });

  /** All that is stored, in order: type, path, how the page came, title; once there are as many carts as wanted. */
  async function eventsWith(carts: number): Promise<readonly string[]> {
    const rows = await program.rowsWhen(
      `SELECT type, path, title, referrer_host, props->>'navigation' AS navigation FROM events ORDER BY occurred_at, seq`,
      (rows) => rows.filter(({ type }) => type === 'add_to_cart').length === carts,
    );
    return rows.map(({ type, path, title, referrer_host, navigation }) =>
      type === 'page_view' ? `${navigation} ${path} "${title}" from ${referrer_host}` : `${type} ${path}`,
    );
  }

  const go = async (page: Page, link: string, heading: string): Promise<void> => {
    await page.getByRole('link', { name: link }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
  };

  test('counts one view a load and one a navigation, and nothing before the choice', async () => {
    const visit = await openVisit();
    const { page } = visit;
    // The policy is everybody's, and comes before any choice.
    const isOurs = (url: string): boolean => url.startsWith(program.collector) && !url.includes('/v1/policy/');
    const toCollector = (): number => visit.requests.filter((request) => isOurs(request.url())).length;

    await page.goto(`${origin}/`);
    const consent = page.getByRole('button', { name: 'Allow' });
    await consent.waitFor();
    expect(await visit.stored()).toEqual(NOTHING_STORED);
    expect(toCollector()).toBe(0);

    await consent.click();
    await go(page, 'Tent', 'Product tent');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await go(page, 'About', 'About');
    // Stepped back at once, a router has put the next title before the view could take its own.
    await program.rowsWhen(`SELECT 1 FROM events WHERE path = '/about'`, (rows) => rows.length >= 1);
    await page.goBack();
    await page.getByRole('heading', { name: 'Product tent' }).waitFor();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    const walk = [
      'load / "Home" from null',
      'push /products/tent "Product tent" from localhost',
      'add_to_cart /products/tent',
      'push /about "About" from localhost',
      'pop /products/tent "Product tent" from localhost',
      'add_to_cart /products/tent',
    ];
    expect(await eventsWith(2)).toEqual(walk);

    await page.reload();
    // Only a page that was made alive sends its view: from then on its button works.
    await program.rowsWhen(`SELECT 1 FROM events WHERE type = 'page_view'`, (rows) => rows.length >= 5);
    await page.getByRole('button', { name: 'Add to cart' }).click();
    expect(await eventsWith(3)).toEqual([
      ...walk,
      'load /products/tent "Product tent" from null',
      'add_to_cart /products/tent',
    ]);

    await visit.close();
    expect(visit.faults).toEqual([]);
  });
});
