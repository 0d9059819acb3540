import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVisit, type Visit } from '../support/browser.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
let visit: Visit;

beforeAll(async () => {
  program = await startProgram();
});
afterAll(async () => {
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  await visit.close();
  expect(visit.faults).toEqual([]);
});

test('a link opens what is folded around its target, and the keyboard folds it again', async () => {
  const { page } = visit;
  await program.signIn(page, '/reference?lang=en');
  const told = page.locator('#collector-sendEvents');
  expect(await told.isVisible()).toBe(false);
  await page.getByRole('navigation', { name: 'Contents' }).getByText('Stores a batch of events').press('Enter');
  await told.waitFor();
  await told.getByText('curl -X POST').waitFor();
  const line = page.locator('details.operation > summary', { hasText: 'Stores a batch of events' });
  await line.press('Enter');
  await told.waitFor({ state: 'hidden' });
});

test('fits a narrow window: what is wide scrolls in itself', async () => {
  const { page } = visit;
  await page.setViewportSize({ width: 360, height: 800 });
  await program.signIn(page, '/reference?lang=fr');
  // Unfolded from outside, as the browser's own search does it.
  await page.locator('details').evaluateAll((all) => {
    for (const each of all) each.setAttribute('open', '');
  });
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(widths[0]).toBeLessThanOrEqual(widths[1] as number);
});

test('both listeners of the running program give the documents that the page shows', async () => {
  const read = async (address: string) => (await fetch(`${address}/openapi.json`)).json();
  for (const [address, title] of [
    [program.collector, 'Parcours collector'],
    [program.console, 'Parcours console'],
  ] as const) {
    expect(await read(address)).toMatchObject({ openapi: '3.1.1', info: { title } });
  }
});
