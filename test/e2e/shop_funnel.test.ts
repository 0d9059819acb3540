import { afterAll, beforeAll, expect, test } from 'vitest';
import { outputOf } from '../support/command.ts';
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

test('the rows are the walk', async () => {
  const rows = await shop.program.query(
    `SELECT type, count(DISTINCT visitor_id) AS visitors FROM events
     WHERE type IN ('${STEPS.join("', '")}') GROUP BY type ORDER BY visitors DESC, type`,
  );
  expect(rows.map(({ type, visitors }) => [type, visitors])).toEqual([
    ['view_item', 3],
    ['add_to_cart', 2],
    ['begin_checkout', 1],
    ['purchase', 1],
  ]);
});

test('the funnel of the command line tells no group that small', async () => {
  const table = await outputOf(['funnel', ...STEPS, '--days', '7', '--data', shop.program.data]);
  const cells = table
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(/\s{2,}|\s*[|│]\s*/)
        .filter(Boolean),
    )
    .filter(([step]) => STEPS.includes(step ?? ''));
  expect(cells).toEqual(STEPS.map((step) => [step, 'under 10']));
});

test('nor does that of the live page', async () => {
  const { page, faults, close } = await shop.visit();
  await shop.program.signIn(page, '/live?lang=en');
  await page.locator('#funnel tr').nth(3).waitFor();
  const cells = await page
    .locator('#funnel tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].slice(0, 4).map((cell) => cell.textContent)),
    );
  expect(cells).toEqual(STEPS.map((step) => [step, '< 10', '', '']));
  await close();
  expect(faults).toEqual([]);
});
