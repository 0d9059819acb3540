import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { NOTHING_STORED, openVisit, type Visit } from '../support/browser.ts';
import { ROOT, startChild } from '../support/child.ts';
import { readGuide } from '../support/guide.ts';
import { INSTALL, type Shop, startShop } from './shop.ts';

let shop: Shop;
let visit: Visit;

beforeAll(async () => {
  shop = await startShop(['config', 'own-paths']);
});
beforeEach(async () => {
  visit = await openVisit();
});
afterEach(() => visit.close());
afterAll(async () => {
  await shop?.stop();
});

/** The stub line of the guide, which most other blocks need before them. */
const [STUB_TAG = '', STUB = ''] = INSTALL.block('snippet').match(/<script>(.*?)<\/script>/s) ?? [];

const sha = (algorithm: 'sha256' | 'sha384', text: string): string =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;

test('the stub on the page is the one that the SDK builds, and its digest the one in the policy', () => {
  expect(STUB).toBe(readFileSync(join(ROOT, 'packages/sdk/dist/stub.js'), 'utf8').trim());
  expect(INSTALL.block('csp-files')).toContain(`'${sha('sha256', STUB)}'`);
});

test('the table of scripts and the guide to consent name every script that the collector serves, and no other', async () => {
  const integrity = await readIntegrity();
  const served = Object.keys(integrity).map((path) => path.slice(path.lastIndexOf('/') + 1));
  const table = readFileSync(join(ROOT, 'docs/install.md'), 'utf8').matchAll(/^\| `(p[\w.-]*\.js)`/gm);
  const consent = readGuide('docs/consent.md').blocks.flatMap(({ text }) => [...text.matchAll(/\/(p[\w.-]*\.js)"/g)]);
  const named = new Set([...table, ...consent].map(([, file]) => file));
  expect([...named].sort()).toEqual(served.sort());
});

test('snippet and choice make a page view, and nothing is stored or sent before the choice', async () => {
  shop.serve(shop.block('snippet'));
  await go('/snippet-alone');
  await visit.page.waitForFunction(
    () => !Array.isArray((window as unknown as { parcours: { q: unknown } }).parcours.q),
  );
  expect(visit.requestsTo('/v1/events')).toEqual([]);
  expect((await visit.stored()).localStorage).toEqual([]);
  shop.serve(shop.block('snippet') + shop.block('consent'));
  await go('/snippet');
  expect(await shop.typesWhen('/snippet', ['page_view'])).toContain('page_view');
  expect(await shop.program.query("select 1 from events where path = '/snippet-alone'")).toEqual([]);
  expect(visit.faults).toEqual([]);
});

test('the tag of a consent source alone grants nothing and sends nothing while there is no manager', async () => {
  shop.serve(shop.block('snippet') + shop.block('consent-source'));
  await go('/source');
  await visit.page.waitForFunction('"tcf" in (parcours.added ?? {})');
  expect(await visit.page.evaluate('parcours.visitorId()')).toBeUndefined();
  expect(visit.requestsTo('/v1/events')).toEqual([]);
  expect(await visit.stored()).toEqual(NOTHING_STORED);
});

test('one tag records what the add-ons record', async () => {
  shop.serve(STUB_TAG + shop.block('full') + shop.block('consent'));
  await go('/full');
  await throwInPage();
  expect(withoutVitals(await shop.typesWhen('/full', ['page_view', 'web_vital', 'error']))).toEqual([
    'page_view',
    'error',
  ]);
});

test('an add-on works in whichever order the tags arrive', async () => {
  const addOns = shop.block('add-ons').split('\n').reverse().join('\n');
  for (const [path, tags] of [
    ['/add-ons', shop.block('add-ons')],
    ['/add-ons-first', addOns.replaceAll(' async', ' defer')],
  ] as const) {
    shop.serve(STUB_TAG + tags + shop.block('consent'));
    await go(path);
    await throwInPage();
    const types = await shop.typesWhen(path, ['page_view', 'web_vital', 'error']);
    expect(withoutVitals(types)).toEqual(['page_view', 'error']);
  }
});

test('a pinned script runs where its digest is right', async () => {
  shop.serve(STUB_TAG + (await pinned()) + shop.block('consent'));
  await go('/pinned');
  expect(await shop.typesWhen('/pinned', ['page_view'])).toEqual(['page_view']);
  expect(visit.faults).toEqual([]);
});

test('a script with another digest is not run, and the page does not notice', async () => {
  shop.serve(STUB_TAG + (await pinned(sha('sha384', 'another script'))) + shop.block('consent'));
  await go('/pinned-wrong');
  expect(visit.requests.map((request) => request.url()).filter((url) => url.endsWith('/p.js'))).toHaveLength(1);
  expect(await callEverything()).toEqual([]);
  // The browser's own word is all there is.
  expect(visit.faults).toEqual([expect.stringMatching(/^console: Failed to find a valid digest in the 'integrity'/)]);
  expect(visit.requestsTo('/v1/events')).toEqual([]);
});

test.each([
  ['csp', 'with a nonce', () => shop.block('csp-page', { '/* the stub, as above */': STUB })],
  ['csp-files', 'without a nonce', () => STUB_TAG + shop.block('full')],
] as const)('nothing of ours is against the policy of block %s, %s', async (policy, _, head) => {
  shop.serve(head(), shop.block(policy));
  await visit.context.addInitScript(() => {
    const page = window as unknown as { violations: string[] };
    page.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => page.violations.push(event.violatedDirective));
  });
  await go(`/${policy}`);
  await visit.page.evaluate(() => (window as unknown as Page).parcours.consent({ audience: true }));
  await shop.typesWhen(`/${policy}`, ['page_view']);
  expect(await visit.page.evaluate(() => (window as unknown as Page).violations)).toEqual([]);
  expect(visit.faults).toEqual([]);
});

test('own paths get past a blocker that knows ours, cookie and all', async () => {
  const tag = shop.block('proxied-page', { '/shop/a.js': `${shop.program.collector}/shop/a.js` });
  await block(['**/p.js', '**/p.*.js', '**/v1/events']);
  shop.serve(STUB_TAG + shop.block('snippet') + shop.block('consent'));
  await go('/blocked');
  shop.serve(STUB_TAG + tag + shop.block('consent'));
  await go('/own-paths');
  expect(await shop.typesWhen('/own-paths', ['page_view'])).toEqual(['page_view']);
  expect(await shop.program.query("select 1 from events where path = '/blocked'")).toEqual([]);
  expect(visit.requestsTo('/shop/in').length).toBeGreaterThan(0);
  const [cookie] = await visit.context.cookies(`${shop.program.collector}/shop/in`);
  expect(cookie).toMatchObject({ name: 'pc_shop', path: '/shop', httpOnly: true });
});

test.each([
  ['the script', ['**/p*.js']],
  ['the events', ['**/v1/events']],
  ['all of it', ['**/p*.js', '**/v1/events']],
])('with %s blocked every call is safe, and all we say is that nonsense is no choice', async (what, patterns) => {
  await block(patterns);
  shop.serve(shop.block('snippet') + shop.block('consent'));
  await go(`/${encodeURIComponent(what)}`);
  expect(await callEverything()).toEqual([]);
  const said = visit.faults.filter((fault) => !/net::ERR_BLOCKED_BY_CLIENT/.test(fault));
  const nonsense = expect.stringContaining('[parcours] the choice cannot be read: nothing is granted');
  expect(said).toEqual(what === 'the events' ? [nonsense] : []);
});

test('the query shows what arrived', async () => {
  await shop.program.rowsWhen('select type from events', (rows) => rows.length > 0);
  const command = INSTALL.block('query').replace('npx parcours', 'node packages/parcours/dist/bin.js');
  const child = startChild('sh', ['-c', command], { env: { DATA: shop.program.data } });
  const { code } = await child.ended;
  expect([code, child.output()]).toEqual([0, expect.stringMatching(/page_view.*desktop/)]);
});

/** The page at a path of the shop. */
const go = (path: string): Promise<unknown> => visit.page.goto(`${shop.origin}${path}`);

interface Page {
  readonly parcours: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> & {
    readonly consent: (choice: object) => void;
  };
  readonly violations: readonly string[];
}

/** The digests, by the guide's own command. */
async function readIntegrity(): Promise<Readonly<Record<string, string>>> {
  const child = startChild('sh', ['-c', shop.block('integrity')]);
  await child.ended;
  return JSON.parse(child.output());
}

async function pinned(digest?: string): Promise<string> {
  const [path, integrity] = Object.entries(await readIntegrity()).find(([name]) => name.endsWith('/p.js')) ?? [];
  const [version = ''] = path?.split('/') ?? [];
  return shop.block('pinned', { VERSION: version, 'sha384-DIGEST': digest ?? (integrity as string) });
}

/** Aborts what matches, as a blocker does. */
async function block(patterns: readonly string[]): Promise<void> {
  for (const pattern of patterns) await visit.context.route(pattern, (route) => route.abort('blockedbyclient'));
}

/** Every method of `window.parcours`, with what pages may well give them; what was thrown. */
const callEverything = (): Promise<readonly string[]> =>
  visit.page.evaluate(async () => {
    const { parcours } = window as unknown as Page;
    const thrown: string[] = [];
    const methods = Object.keys(parcours).filter((name) => name !== 'q' && name !== 'stop');
    if (methods.length < 9) thrown.push(`only ${methods}`);
    for (const name of [...methods, 'stop']) {
      try {
        await parcours[name]?.('add_to_cart', { value: 1 });
        await parcours[name]?.();
      } catch (error) {
        thrown.push(`${name}: ${error}`);
      }
    }
    return thrown;
  });

/** How many vitals there are by now is the browser's affair. */
const withoutVitals = (types: readonly unknown[]): readonly unknown[] => types.filter((type) => type !== 'web_vital');

/** An error that no one catches, in a script of the page's own. */
const throwInPage = async (): Promise<void> => {
  await visit.page.waitForLoadState('load');
  await visit.page.evaluate(() => setTimeout(() => Promise.reject(new TypeError('pay is not a function'))));
};
