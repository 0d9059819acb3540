import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openVisit, type Visit } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { freePort } from '../support/free_port.ts';
import { type Program, startProgram } from '../support/program.ts';

let program: Program;
let server: Server;
let origin: string;
let visit: Visit;

/** An app that a front-end developer bundles: the module, with every observer named. */
const APP = `
  import { createTracker, pageViews } from '@parcours/sdk';
  import { clicks } from '@parcours/sdk/clicks';
  import { engagement } from '@parcours/sdk/engagement';
  import { errors } from '@parcours/sdk/errors';
  import { forms } from '@parcours/sdk/forms';
  import { friction } from '@parcours/sdk/friction';
  import { scroll } from '@parcours/sdk/scroll';
  import { webVitals } from '@parcours/sdk/web-vitals';
  const observers = [pageViews, clicks, scroll, engagement, forms, friction, errors, webVitals];
  globalThis.tracker = createTracker({ endpoint: COLLECTOR + '/v1/events', site: 'shop', key: 'pk_demo', observers });
`;

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Observed</title><link rel="icon" href="data:,"></head>
<body><main>
  <a id="boots" href="#boots">Boots</a>
  <button id="buy" type="button" data-pc-event="fitting_booked" data-pc-store="lyon-2">Book</button>
  <button id="dead" type="button">Nothing</button>
  <form id="order" action="/done"><input name="email" type="email"><input name="city"><button>Send</button></form>
  <div style="height:4000px"></div>
</main><script src="/app.js"></script></body></html>`;

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  program = await startProgram({ origins: [origin] });
  const { outputFiles } = await build({
    stdin: { contents: APP, resolveDir: join(ROOT, 'test') },
    bundle: true,
    format: 'iife',
    write: false,
    define: { COLLECTOR: JSON.stringify(program.collector) },
  });
  server = createServer((request, response) => {
    const isApp = request.url === '/app.js';
    response.setHeader('content-type', isApp ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isApp ? outputFiles[0]?.text : PAGE);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server?.close();
  server?.closeAllConnections();
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(() => visit.close());

interface Tracked {
  readonly tracker: { consent(choice: object): void; flush(): Promise<void>; visitorId(): string | undefined };
}

test('a bundled app tells arrivals, clicks, forms, friction, errors, scroll, engagement and vitals, once each', async () => {
  const { page } = visit;
  await page.goto(`${origin}/start?utm_source=news&utm_medium=email&pc_place=lyon-2&pc_code=window-7`);
  await page.locator('#boots').click();
  await page.locator('#buy').click();
  await page.fill('[name=email]', 'canary.person@mail.example');
  await page.fill('[name=city]', 'Lyon');
  await page.evaluate(() => setTimeout(() => Promise.reject(new TypeError('pay is not a function'))));
  // Everything so far was held: the grant releases it.
  await page.evaluate(() =>
    (globalThis as unknown as Tracked).tracker.consent({ audience: true, ads_measurement: true }),
  );
  await page.locator('#dead').click({ delay: 20 });
  for (let n = 0; n < 3; n++) await page.locator('#dead').click();
  // The grant waits for the policy, which may be later than the page.
  const known = await page.waitForFunction(() => (globalThis as unknown as Tracked).tracker.visitorId());
  const visitor = await known.jsonValue();
  const mine = `FROM events WHERE visitor_id = '${visitor}'`;
  await program.rowsWhen(`SELECT 1 ${mine} AND type = 'dead_click'`, (rows) => rows.length >= 1);
  // Only now: a page that scrolls after a click is alive.
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await program.rowsWhen(`SELECT 1 ${mine} AND type = 'scroll'`, (rows) => rows.length >= 1);
  await page.locator('#order button').click();
  await page.waitForURL('**/done*');

  const wanted = ['page_view', 'click', 'fitting_booked', 'form_start', 'form_submit', 'rage_click'];
  wanted.push('dead_click', 'error', 'scroll', 'web_vital');
  const rows = await program.rowsWhen(
    `SELECT type, path, channel, place_id, keys::VARCHAR AS keys, props::VARCHAR AS props ${mine} AND path = '/start'`,
    (found) => wanted.every((type) => found.some((row) => row.type === type)),
  );
  const props = (type: string) => rows.filter((row) => row.type === type).map((row) => JSON.parse(String(row.props)));
  expect(props('page_view')).toHaveLength(1);
  expect(rows.filter(({ channel }) => channel)).toMatchObject([
    { type: 'page_view', channel: 'Email', place_id: 'lyon-2', keys: '{"qr":"window-7"}' },
  ]);
  expect(props('click')[0]).toMatchObject({ element: 'main > a#boots', role: 'link', label: 'Boots' });
  expect(props('fitting_booked')).toEqual([{ store: 'lyon-2' }]);
  expect(props('form_start')).toMatchObject([{ form_id: 'order', field: 'email' }]);
  expect(props('form_submit')).toHaveLength(1);
  expect(props('error')).toMatchObject([{ name: 'TypeError', message: 'pay is not a function' }]);
  expect(JSON.stringify(rows)).not.toContain('canary');
  expect(await program.query('SELECT code, path FROM failed')).toEqual([]);
});
