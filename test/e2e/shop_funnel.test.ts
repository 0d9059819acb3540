import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/child.ts';
import { accept, addToCart, checkOut, placeOrder, startWalkedShop, toBoot, type WalkedShop } from '../support/shop.ts';

/** Four people: one looks at a page, three at a product, of whom two put it into the cart and one orders. */
let shop: WalkedShop;

beforeAll(async () => {
  shop = await startWalkedShop();
  for (const depth of [0, 1, 2, 3]) await walkSoFar(depth);
  await shop.program.rowsWhen(
    `SELECT type FROM events WHERE type IN ('view_item', 'add_to_cart', 'purchase')`,
    (rows) => rows.length === 3 + 2 + 1,
  );
});
afterAll(() => shop?.stop());

async function walkSoFar(depth: number): Promise<void> {
  const { page, faults, close } = await shop.visit();
  await page.goto(shop.origin);
  await accept(page);
  if (depth >= 1) await toBoot(page);
  if (depth >= 2) await addToCart(page);
  if (depth >= 3) {
    await checkOut(page);
    await placeOrder(page);
  }
  // A closed context takes its requests along: a real browser would finish them.
  await page.evaluate(() => parcours.flush());
  await close();
  expect(faults).toEqual([]);
}

const STEPS = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'];
const BIN = join(ROOT, 'packages/parcours/dist/bin.js');

test('the funnel of the command line is the walk', async () => {
  const args = [BIN, 'funnel', ...STEPS, '--days', '7', '--data', shop.program.data];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const cells = stdout
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(/\s{2,}|\s*[|│]\s*/)
        .filter(Boolean),
    )
    .filter(([step]) => STEPS.includes(step ?? ''))
    .map(([step, visitors]) => [step, visitors]);
  expect(cells).toEqual([
    ['view_item', '3'],
    ['add_to_cart', '2'],
    ['begin_checkout', '1'],
    ['purchase', '1'],
  ]);
});

test('the funnel of the live page is the walk too', async () => {
  const { page, faults, close } = await shop.visit();
  await shop.program.signIn(page, '/live?lang=en');
  await page.locator('#funnel tr').nth(3).waitFor();
  const cells = await page
    .locator('#funnel tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].slice(0, 4).map((cell) => cell.textContent)),
    );
  expect(cells).toEqual([
    ['view_item', '3', '', '100%'],
    ['add_to_cart', '2', '66.7%', '66.7%'],
    ['begin_checkout', '1', '50%', '33.3%'],
    ['purchase', '1', '100%', '33.3%'],
  ]);
  await close();
  expect(faults).toEqual([]);
});
