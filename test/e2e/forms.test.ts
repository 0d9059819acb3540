import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVisit, type Visit } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { type ServedPage, servePage } from '../support/page.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
let site: ServedPage;
let visit: Visit;
let app = '';

/** A form in the page and one in a shadow root; the page checks what is typed at each key, as many do. */
const page =
  () => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Checkout</title><link rel="icon" href="data:,"></head>
<body><main>
  <form id="order" action="/sent" oninput="this.checkValidity()">
    <input name="email" type="email" required><input name="phone" required><input name="city"><button>Send</button>
  </form>
  <x-search></x-search>
</main><script>
  document.querySelector('x-search').attachShadow({ mode: 'open' }).innerHTML =
    '<form id="inner"><input name="q"><input name="where"></form>';
  ${app}
</script></body></html>`;

beforeAll(async () => {
  site = await servePage(page);
  program = await startProgram({ origins: [site.origin] });
  const contents = `
    import { createTracker, pageViews } from '@parcours/sdk';
    import { forms } from '@parcours/sdk/forms';
    const endpoint = ${JSON.stringify(`${program.collector}/v1/events`)};
    createTracker({ endpoint, site: 'shop', key: 'pk_demo', observers: [pageViews, forms] }).consent({ audience: true });`;
  const options = { bundle: true, format: 'iife', write: false } as const;
  const { outputFiles } = await build({ stdin: { contents, resolveDir: join(ROOT, 'test') }, ...options });
  app = outputFiles[0]?.text ?? '';
});
afterAll(async () => {
  await site?.stop();
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  expect(visit.faults).toEqual([]);
  await visit.close();
});

const propsOf = async (type: string, path: string): Promise<Record<string, unknown>> => {
  const select = `SELECT props::VARCHAR AS props FROM events WHERE type = '${type}' AND path = '${path}'`;
  const rows = await program.rowsWhen(select, (found) => found.length > 0);
  return JSON.parse(String(rows[0]?.props));
};

test('a refused and then sent form tells the time in each field, corrections and refusals, and no value', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/submit`);
  await page.locator('[name=email]').pressSequentially('canary', { delay: 40 });
  await page.locator('[name=city]').pressSequentially('canaryville', { delay: 40 });
  await page.getByRole('button').click();
  await page.locator('[name=email]').fill('canary@mail.example');
  await page.locator('[name=phone]').fill('0612345678');
  await page.getByRole('button').click();
  await page.waitForURL('**/sent*');
  const props = await propsOf('form_submit', '/submit');
  expect(props).toMatchObject({
    form_id: 'order',
    corrections: 1,
    per_field: [
      { field: 'email', corrections: 1, invalid: true },
      { field: 'city', corrections: 0 },
      { field: 'phone', corrections: 0, invalid: true },
    ],
  });
  const [email, city] = props.per_field as { ms: number; invalid?: boolean }[];
  expect(email!.ms).toBeGreaterThan(0);
  expect(city!.ms).toBeGreaterThan(0);
  expect(email!.ms + city!.ms).toBeLessThanOrEqual(Number(props.duration_ms));
  expect(city).not.toHaveProperty('invalid');
  expect(JSON.stringify(props)).not.toMatch(/canary|0612/);
});

test('an abandoned form in a shadow root tells its fields, and what the page checks while one types is no refusal', async () => {
  const { page } = visit;
  await page.goto(`${site.origin}/leave`);
  await page.locator('[name=q]').pressSequentially('boot', { delay: 40 });
  await page.keyboard.press('Tab');
  await page.keyboard.type('Lyon', { delay: 40 });
  await page.locator('[name=email]').pressSequentially('canary', { delay: 40 });
  await page.goto(`${site.origin}/elsewhere`);
  const select = `SELECT props::VARCHAR AS props FROM events WHERE type = 'form_abandon' AND path = '/leave' ORDER BY seq`;
  const rows = await program.rowsWhen(select, (found) => found.length >= 2);
  const [inner, order] = rows.map(({ props }) => JSON.parse(String(props)));
  expect(inner).toMatchObject({
    form_id: 'inner',
    field: 'where',
    fields: 2,
    per_field: [{ field: 'q' }, { field: 'where' }],
  });
  for (const { ms } of inner.per_field) expect(ms).toBeGreaterThan(0);
  expect(order).toMatchObject({ form_id: 'order', field: 'email', fields: 1 });
  expect(order.per_field).toEqual([{ field: 'email', ms: expect.any(Number), corrections: 0 }]);
});
