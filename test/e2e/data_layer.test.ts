import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit, type Visit } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { freePort } from '../support/free_port.ts';
import { readGuide } from '../support/guide.ts';
import { type Program, type Row, startProgram } from '../support/program.ts';

/** What is printed there is what runs here. */
const guide = readGuide('docs/data-layer.md');
const EXAMPLE = 'https://collect.shop.example';

let program: Program;
let server: Server;
let origin: string;
let visit: Visit;
/** Inline scripts of the page by path, and bundled apps. */
const scripts = new Map<string, string>();

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  program = await startProgram({ origins: [origin] });
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Boots</title>
<link rel="icon" href="data:,"></head><body><main><h1>Boots</h1></main><script>${scripts.get(pathname) ?? ''}</script></body></html>`);
  }).listen(port, '127.0.0.1');
});
afterAll(async () => {
  server?.close();
  server?.closeAllConnections();
  await program?.stop();
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(async () => {
  expect(visit.faults).toEqual([]);
  await visit.close();
});

/** A guide's block as the page has it: with this collector's address, and the tracker at hand. */
const appOf = async (block: string): Promise<string> => {
  const text = guide.block(block, { [EXAMPLE]: program.collector });
  const contents = text
    .replace('createTracker({', 'globalThis.tracker = createTracker({')
    .replace('const globalThis.tracker = ', 'const tracker = globalThis.tracker = ');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(ROOT, 'test') },
    bundle: true,
    format: 'iife',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
};

const GTAG = 'window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); }';

/**
 * What Tag Manager does to a page, as its container script does it: it keeps the consent state that `gtag('consent', …)`
 * tells in `google_tag_data.ics`, patches `push`, says `gtm.dom` and `gtm.load`, and runs a Custom HTML tag by parsing
 * it inert and making each of its scripts anew, with text, address, id and charset and no other attribute.
 */
const TAG_MANAGER = `
  function startTagManager(html) {
    var list = dataLayer, listeners = [], entries = {};
    var ics = {
      usedUpdate: false,
      getConsentState: function (type) { return entries[type] === undefined ? 0 : entries[type] === 'granted' ? 1 : 2; },
      addListener: function (types, listener) { listeners.push(listener); },
    };
    google_tag_data = { ics: ics };
    function process(entry) {
      if (entry[0] !== 'consent') return;
      Object.assign(entries, entry[2]);
      if (entry[1] === 'update') { ics.usedUpdate = true; listeners.forEach(function (listener) { listener(); }); }
    }
    list.forEach(process);
    var push = list.push;
    list.push = function () {
      var answer = push.apply(list, arguments);
      [].forEach.call(arguments, process);
      return answer;
    };
    var holder = document.createElement('div');
    holder.innerHTML = html.replace(/<script/g, '<script type="text/gtmscript"').replace(/ src=/g, ' data-gtmsrc=');
    holder.querySelectorAll('script').forEach(function (inert) {
      var script = document.createElement('script');
      script.async = false;
      script.type = 'text/javascript';
      script.id = inert.id;
      script.text = inert.text;
      var address = inert.getAttribute('data-gtmsrc');
      if (address) script.src = address;
      document.body.insertBefore(script, null);
    });
    list.push({ event: 'gtm.dom', 'gtm.uniqueEventId': 2 });
    addEventListener('load', function () { list.push({ event: 'gtm.load', 'gtm.uniqueEventId': 3 }); });
  }`;

const inPage = (code: string): Promise<unknown> => visit.page.evaluate(code);

/** Rows of the page with the path, in order, once there are so many. */
const rowsAt = (path: string, count: number): Promise<readonly Row[]> =>
  program.rowsWhen(
    `SELECT type, amount_minor, currency, order_id, props::VARCHAR AS props, path, page_view_id, purposes::VARCHAR AS purposes
     FROM events WHERE path = '${path}' ORDER BY seq`,
    (rows) => rows.length >= count,
  );

const propsOf = (row: Row | undefined) => JSON.parse(String(row?.props));

describe('the Tag Manager recipe', () => {
  const recipeAt = (path: string): void => {
    const html = guide.block('tag manager', { [EXAMPLE]: program.collector });
    scripts.set(
      path,
      `${GTAG}
       gtag('consent', 'default', { analytics_storage: 'denied' });
       dataLayer.push({ 'gtm.start': 1, event: 'gtm.js' });
       dataLayer.push({ event: 'view_item', user_id: 'canary-7', ecommerce: { currency: 'EUR', value: '129.90',
         items: [{ item_id: 1042, item_name: 'Walking boot', price: '129.90', quantity: '1' }] } });
       ${TAG_MANAGER}
       startTagManager(${JSON.stringify(html).replaceAll('</', '<\\/')});`,
    );
  };
  const loaded = () => visit.page.waitForFunction('!Array.isArray(parcours.q)');

  test('records past and later pushes after the grant, and what is wrong as failed', async () => {
    recipeAt('/gtm');
    await visit.page.goto(`${origin}/gtm`);
    await loaded();
    await inPage(`
      dataLayer.push({ ecommerce: null });
      dataLayer.push({ event: 'add_to_cart', ecommerce: { currency: 'EUR', value: 129.9, items: [{ item_id: 'SKU-1042' }] } });
      dataLayer.push({ event: 'view_item_list', ecommerce: { items: [{ price: 10 }] } });`);
    expect(visit.requestsTo('/v1/events')).toEqual([]);
    expect(await visit.stored()).toEqual(NOTHING_STORED);
    await inPage(`
      gtag('consent', 'update', { analytics_storage: 'granted' });
      gtag('event', 'purchase', { transaction_id: 'W-1', currency: 'eur', value: '120.5', items: [{ id: 'SKU-1042' }], send_to: 'G-1' });
      parcours.flush();`);

    const rows = await rowsAt('/gtm', 4);
    expect(rows.map(({ type }) => type)).toEqual(['page_view', 'view_item', 'add_to_cart', 'purchase']);
    expect(rows.map(({ amount_minor }) => Number(amount_minor ?? 0))).toEqual([0, 12990, 12990, 12050]);
    expect(propsOf(rows[1])).toEqual({
      currency: 'EUR',
      value: 129.9,
      items: [{ item_id: '1042', item_name: 'Walking boot', price: 129.9, quantity: 1 }],
    });
    expect(rows[3]).toMatchObject({ order_id: 'W-1', currency: 'EUR' });
    expect(new Set(rows.map(({ page_view_id }) => page_view_id)).size).toBe(1);
    expect(JSON.stringify(rows)).not.toContain('canary');
    const failed = await program.rowsWhen('SELECT code, path FROM failed', (found) => found.length > 0);
    expect(failed).toEqual([{ code: 'invalid_field', path: 'props.items[0].item_id' }]);
  });

  test('sends nothing after a refusal, and leaves nothing after a withdrawal', async () => {
    recipeAt('/gtm-refused');
    await visit.page.goto(`${origin}/gtm-refused`);
    await loaded();
    await inPage(`gtag('consent', 'update', { analytics_storage: 'denied' }); dataLayer.push({ event: 'refused' });`);
    // What Google's terms mean the policy says, which may be on its way.
    await expect.poll(() => inPage('parcours.consent()')).toBe('denied');
    expect(await visit.stored()).toEqual(NOTHING_STORED);
    await inPage(
      `gtag('consent', 'update', { analytics_storage: 'granted' }); dataLayer.push({ event: 'granted' }); parcours.flush();`,
    );
    const rows = await rowsAt('/gtm-refused', 2);
    expect(rows.map(({ type }) => type)).toEqual(['page_view', 'granted']);
    await inPage(`gtag('consent', 'update', { analytics_storage: 'denied' }); dataLayer.push({ event: 'withdrawn' });`);
    expect(await inPage('parcours.consent()')).toBe('denied');
    await expect.poll(async () => (await visit.stored()).localStorage).toEqual([]);
    await expect.poll(async () => (await visit.stored()).databases).toEqual([]);
  });
});

describe('a bundled app', () => {
  interface Tracked {
    readonly tracker: { consent(choice: object): void; flush(): Promise<void> };
  }
  const grant = (): Promise<void> =>
    visit.page.evaluate(() => {
      const { tracker } = globalThis as unknown as Tracked;
      tracker.consent({ audience: true });
      return tracker.flush();
    });

  test('bridges a data layer of Universal Analytics, in a shop that names no currency', async () => {
    scripts.set(
      '/universal',
      `dataLayer = [{ ecommerce: { detail: { products: [{ id: 7, name: 'Boot', price: '129.90', category: 'Shoes/Walking' }] } } }];
       ${await appOf('data layer')}
       dataLayer.push({ event: 'purchase', ecommerce: { purchase: { actionField: { id: 'T-1', revenue: '35.43' }, products: [{ id: 7, quantity: 1 }] } } });`,
    );
    await visit.page.goto(`${origin}/universal`);
    await grant();
    const rows = await rowsAt('/universal', 3);
    expect(rows.map(({ type }) => type)).toEqual(['page_view', 'view_item', 'purchase']);
    expect(propsOf(rows[1]).items).toEqual([
      { item_id: '7', item_name: 'Boot', price: 129.9, item_category: 'Shoes', item_category2: 'Walking' },
    ]);
    expect(rows[2]).toMatchObject({ order_id: 'T-1', currency: 'EUR' });
    expect(Number(rows[2]?.amount_minor)).toBe(3543);
  });

  test('leaves a page alone whose data layer is full of junk', async () => {
    scripts.set(
      '/junk',
      `var trap = new Proxy({}, { get: function () { throw new Error('a trap'); }, ownKeys: function () { throw new Error('a trap'); } });
       var cycle = { event: 'cycle', node: document.body, call: function () {} }; cycle.self = cycle;
       var dataLayer = [null, 0, 'a', function () {}, [], ['event', 'a'], new Date(), document, window, trap, Symbol('s'), cycle,
         { event: trap }, { event: 'ok', trap: trap, get broken() { throw new Error('a getter'); } }, Object.freeze({ event: 'frozen' })];
       ${await appOf('data layer')}
       answers = [dataLayer.push(trap), dataLayer.push(null, undefined, cycle), dataLayer.push.call(dataLayer, { event: 'called' })];
       dataLayer = [{ event: 'replaced' }];`,
    );
    await visit.page.goto(`${origin}/junk`);
    expect(await inPage('answers')).toEqual([16, 19, 20]);
    await visit.page.waitForLoadState('load');
    await inPage(`Object.freeze(dataLayer); dataLayer = 'a text'; dispatchEvent(new Event('load'))`);
    await grant();
    const rows = await rowsAt('/junk', 7);
    expect(rows.map(({ type }) => type)).toEqual(['page_view', 'cycle', 'ok', 'frozen', 'cycle', 'called', 'replaced']);
  });

  test("takes over from Segment's snippet", async () => {
    scripts.set(
      '/segment',
      `analytics = [];
       ['track', 'page', 'identify'].forEach(function (method) {
         analytics[method] = function () { analytics.push([method].concat([].slice.call(arguments))); return analytics; };
       });
       analytics.page(); analytics.identify('canary', { email: 'canary@mail.example' });
       analytics.track('Product Viewed', { product_id: 'SKU-1042', name: 'Boot', price: 129.9 });
       ${await appOf('segment')}
       analytics.track('Order Completed', { order_id: 'S-1', total: 129.9, tax: 21.65, shipping: 4.9, products: [{ product_id: 'SKU-1042', quantity: 1 }] });`,
    );
    await visit.page.goto(`${origin}/segment`);
    await grant();
    const rows = await rowsAt('/segment', 3);
    expect(rows.map(({ type }) => type)).toEqual(['page_view', 'view_item', 'purchase']);
    expect(rows[2]).toMatchObject({ order_id: 'S-1', currency: 'EUR' });
    expect(Number(rows[2]?.amount_minor)).toBe(10335);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  test("hears what Segment's library tells", async () => {
    scripts.set(
      '/beside-segment',
      `analytics = { on: function (name, listener) { this[name] = listener; } };
       ${await appOf('beside segment')}
       analytics.track('Product Added', { product_id: 'SKU-1042', price: 129.9 }, {});`,
    );
    await visit.page.goto(`${origin}/beside-segment`);
    await grant();
    const rows = await rowsAt('/beside-segment', 2);
    expect(rows.map(({ type }) => type)).toEqual(['page_view', 'add_to_cart']);
  });
});

test('every block of the guide is executed here', () => {
  const names = guide.blocks.map(({ name }) => name);
  expect(names).toEqual(['data layer', 'tag manager', 'segment', 'beside segment']);
});
