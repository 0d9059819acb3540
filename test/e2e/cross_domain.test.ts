import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLinkTokens, LINK_LIFE_MS, linkKeyOf } from '../../packages/collector/src/link/link_token.ts';
import { NOTHING_STORED, openVisit, type Visit, visitorOf } from '../support/browser.ts';
import { ROOT } from '../support/child.ts';
import { freePort } from '../support/free_port.ts';
import { readGuide } from '../support/guide.ts';
import { type Program, startProgram } from '../support/program.ts';
import '../support/window.ts';

let program: Program;
let server: Server;
let visit: Visit;
/** One shop on two domains, the first with a host below it; and another site of the same retailer. */
let fr: string;
let wwwFr: string;
let com: string;
let pro: string;

/** What each page bundles. `/direct…` asks the collector itself, which is another site to it: no cookie travels. */
const APP = `
  import { createTracker, pageViews } from '@parcours/sdk';
  import { createCrossDomain } from '@parcours/sdk/cross-domain';
  const isPro = location.hostname === 'pro.localhost';
  globalThis.tracker = createTracker({
    endpoint: (location.pathname.startsWith('/direct') ? COLLECTOR : location.origin) + '/v1/events',
    site: isPro ? 'pro' : 'shop',
    key: isPro ? 'pk_pro' : 'pk_demo',
    observers: [pageViews, createCrossDomain({ hosts: ['shop-fr.localhost', 'shop-com.localhost', 'pro.localhost'] })],
    queryKeys: ['size'],
  });
  if (new URLSearchParams(location.search).has('granted')) tracker.consent({ audience: true });
`;

const page = (token: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,"></head><body><main>
  <a id="out" href="${com}/landing?size=4&sig=a%2fb#top"><b>To the other shop</b></a>
  <a id="new" href="${com}/landing-new?granted" target="_blank">In a new tab</a>
  <a id="direct" href="${com}/direct-landing?granted">Asks the collector itself</a>
  <a id="pro" href="${pro}/landing-pro?granted">For professionals</a>
  <a id="silent" rel="noreferrer" href="${com}/landing-silent">Silent</a>
  <a id="old" href="${com}/landing-old?granted&pc_link=${token}">With an old token</a>
  <form id="get" action="${com}/landing-get?gone=1"><input name="granted" value="1"><button>Get</button></form>
  <form id="post" method="post" action="${com}/landing-post?granted"><input name="a"><button>Post</button></form>
</main><script src="/app.js"></script></body></html>`;

/** What the guide says to write, with the hosts of this run for its own. */
const guide = readGuide('docs/cross-domain.md');
const hosts = { 'shop.fr': 'shop-fr.localhost', 'shop.com': 'shop-com.localhost' };
const guided = (block: string): string =>
  guide.block(block, { 'https://collect.shop.fr': program.collector, ...hosts });

/** A page as the guide has it, `tag` or `npm`, with one link. */
const guidedPage = (
  block: string,
): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<link rel="icon" href="data:,">${block === 'tag' ? guided('tag') : '<script async src="/npm.js"></script>'}</head>
<body><a id="across" href="${com}/${block}-landing">To the other shop</a></body></html>`;

async function bundle(contents: string, footer = ''): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(ROOT, 'test'), loader: 'ts' },
    bundle: true,
    format: 'iife',
    globalName: 'app',
    footer: { js: footer },
    write: false,
    define: { COLLECTOR: JSON.stringify(program.collector) },
  });
  return outputFiles[0]?.text ?? '';
}

/** As a shop's own web server: the collector's paths under the shop's name. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url } = incoming;
  const forwarded = request(`${program.collector}${url}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(forwarded);
}

/** A token of the running collector that ended some time ago, as one in an address that was kept has. */
async function oldToken(): Promise<string> {
  const { cookie } = JSON.parse(await readFile(join(program.data, 'secrets.json'), 'utf8')) as { cookie: string };
  const tokens = createLinkTokens([linkKeyOf(Buffer.from(cookie, 'base64url'))]);
  const now = Date.now();
  return tokens.issue('shop', { id: 'somebody-else', issuedAt: now }, now - LINK_LIFE_MS - 60_000);
}

beforeAll(async () => {
  const port = await freePort();
  [fr, wwwFr, com, pro] = ['shop-fr', 'www.shop-fr', 'shop-com', 'pro'].map(
    (host) => `http://${host}.localhost:${port}`,
  ) as [string, string, string, string];
  const origins = { 'https://shop.fr': fr, 'https://www.shop.fr': wwwFr, 'https://shop.com': com };
  const { sites } = JSON.parse(guide.block('config', { ...origins, ...hosts })) as { sites: readonly object[] };
  const config = {
    sites: [
      ...sites.map((site) => ({ ...site, queryKeys: ['size'] })),
      { id: 'pro', keys: ['pk_pro'], origins: [pro] },
    ],
  };
  program = await startProgram({ config });
  const scripts: Readonly<Record<string, string>> = {
    '/app.js': await bundle(APP),
    '/npm.js': await bundle(guided('npm'), 'globalThis.parcours = app.parcours;'),
  };
  const html = page(await oldToken());
  server = createServer((incoming, outgoing) => {
    const { url = '' } = incoming;
    if (url.startsWith('/v1/')) return pass(incoming, outgoing);
    const script = scripts[url];
    const [, block] = /^\/(tag|npm)-/.exec(url) ?? [];
    outgoing.setHeader('content-type', script ? 'text/javascript' : 'text/html; charset=utf-8');
    outgoing.end(script ?? (block ? guidedPage(block) : html));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
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
  await visit.close();
  expect(visit.faults).toEqual([]);
});

interface Tracked {
  readonly tracker: {
    consent(choice: object): void;
    flush(): Promise<void>;
    reset(): void;
    track(type: string): void;
    visitorId(): string | undefined;
  };
}

const consent = (on: Page, audience: boolean): Promise<void> =>
  on.evaluate(async (granted) => {
    const { tracker } = globalThis as unknown as Tracked;
    tracker.consent({ audience: granted });
    // A grant waits for the policy.
    while (granted && !tracker.visitorId()) await new Promise((resolve) => setTimeout(resolve, 10));
    await tracker.flush();
  }, audience);

/** A page of the first domain whose visitor has granted, with all that is queued there sent. */
async function granted(address: string): Promise<string> {
  await visit.page.goto(address);
  await consent(visit.page, true);
  return (await visitorOn(visit.page)) as string;
}

const visitorOn = (on: Page): Promise<string | undefined> =>
  on.evaluate(() => (globalThis as unknown as Tracked).tracker.visitorId());

/** Comes near a link, and waits for the token. */
async function near(come: () => Promise<void>): Promise<void> {
  const answered = visit.page.waitForResponse((response) => new URL(response.url()).pathname === '/v1/link');
  await come();
  await (await answered).finished();
}

const hover = (selector: string) => (): Promise<void> => visit.page.locator(selector).hover();

/** The request for a page, with what was in its address. */
const requestFor = (path: string): URL => {
  const found = visit.requests.find((one) => one.isNavigationRequest() && new URL(one.url()).pathname === path);
  return new URL(found?.url() ?? 'about:blank');
};

const rowsOf = (path: string) => `SELECT type, visitor_id, client_visitor_id, url, props::VARCHAR AS props
  FROM events WHERE path = '${path}' ORDER BY occurred_at, seq`;

const landed = (path: string) => program.rowsWhen(rowsOf(path), (rows) => rows.length >= 2);

const propsOf = (row: { readonly props?: unknown } | undefined) => JSON.parse(String(row?.props));

describe('a link to another domain of the shop', () => {
  test('takes the visitor along: one id on both sides, one page view, and nothing of it in any address', async () => {
    const visitor = await granted(`${fr}/start`);
    await near(hover('#out b'));
    await visit.page.locator('#out').click();
    await visit.page.waitForURL(`${com}/landing?size=4&sig=a%2fb#top`);
    expect(requestFor('/landing').searchParams.get('pc_link')).toMatch(/^[\w-]{110}$/);
    expect(await visit.page.evaluate(() => location.href)).toBe(`${com}/landing?size=4&sig=a%2fb#top`);
    // Until the choice on this domain: heap only.
    expect(await visit.stored()).toMatchObject({ ...NOTHING_STORED, cookies: ['pc_shop'] });
    const beyondPolicy = visit.requests.filter((one) => new RegExp(`^${com}/v1/(?!policy/)`).test(one.url()));
    expect(beyondPolicy).toEqual([]);
    await consent(visit.page, true);
    expect(await visitorOn(visit.page)).toBe(visitor);

    const rows = await landed('/landing');
    expect(rows.map(({ type, visitor_id, url }) => [type, visitor_id, url])).toEqual([
      ['page_view', visitor, `${com}/landing?size=4`],
      ['cross_domain', visitor, `${com}/landing?size=4`],
    ]);
    expect(propsOf(rows[1])).toEqual({ linked_visitor_id: visitor, from_site: 'shop' });
    expect(rows[0]?.client_visitor_id).not.toBe(visitor);
    // The cookie of this domain has it too, so the next page starts with it.
    await visit.page.goto(`${com}/next?granted`);
    const next = await program.rowsWhen(rowsOf('/next'), (found) => found.length === 1);
    expect(next[0]).toMatchObject({ visitor_id: visitor, client_visitor_id: null });
    const cookies = await visit.context.cookies();
    expect(cookies.map(({ domain, path, httpOnly }) => [domain, path, httpOnly]).sort()).toEqual([
      ['.shop-fr.localhost', '/v1', true],
      ['shop-com.localhost', '/v1', true],
    ]);

    await visit.page.goBack();
    await visit.page.goBack();
    await visit.page.waitForURL(`${fr}/start`);
    expect(await visit.page.locator('#out').getAttribute('href')).toBe(`${com}/landing?size=4&sig=a%2fb#top`);
  });

  test('does so into a new tab, by the keyboard and by the middle button', async () => {
    const visitor = await granted(`${fr}/start`);
    const link = visit.page.locator('#new');
    for (const [come, go] of [
      [() => link.focus(), () => link.press('Enter')],
      [() => link.hover(), () => link.click({ button: 'middle' })],
      [() => visit.page.locator('#out').hover(), () => link.click({ modifiers: ['ControlOrMeta'] })],
    ] as const) {
      await near(come);
      const [tab] = await Promise.all([visit.context.waitForEvent('page'), go()]);
      await tab.waitForURL(`${com}/landing-new?granted`);
      // What is captured before the answer keeps the id of then, and is joined by an edge.
      await tab.waitForFunction((id) => (globalThis as unknown as Tracked).tracker.visitorId() === id, visitor);
    }
    const rows = await program.rowsWhen(rowsOf('/landing-new'), (found) => found.length >= 6);
    expect(new Set(rows.map(({ visitor_id }) => visitor_id))).toEqual(new Set([visitor]));
    const linked = { linked_visitor_id: visitor, from_site: 'shop' };
    expect(rows.filter(({ type }) => type === 'cross_domain').map(propsOf)).toEqual([linked, linked, linked]);
  });

  test('does so where no cookie travels, since the collector is another site', async () => {
    const visitor = await granted(`${fr}/direct`);
    await near(hover('#direct'));
    await visit.page.locator('#direct').click();
    await visit.page.waitForURL(`${com}/direct-landing?granted`);
    const rows = await landed('/direct-landing');
    expect(rows.map(({ visitor_id }) => visitor_id)).toEqual([visitor, visitor]);
    await visit.page.waitForFunction((id) => (globalThis as unknown as Tracked).tracker.visitorId() === id, visitor);
    expect((await visit.context.cookies()).map(({ name }) => name)).toEqual([]);
  });

  test('does so by forms, whose fields stay as they are', async () => {
    const visitor = await granted(`${fr}/start`);
    for (const method of ['get', 'post']) {
      await visit.page.goto(`${fr}/start?granted`);
      await near(hover(`#${method} button`));
      await visit.page.locator(`#${method} button`).click();
      await visit.page.waitForURL(`${com}/landing-${method}?granted${method === 'get' ? '=1' : ''}`);
      const rows = await landed(`/landing-${method}`);
      expect(propsOf(rows[1])).toEqual({ linked_visitor_id: visitor, from_site: 'shop' });
      expect(rows[1]?.visitor_id).toBe(visitor);
    }
    const posted = visit.requests.find((one) => one.url().includes('landing-post'));
    expect(posted?.postData()).toBe('a=');
  });

  test('leads to another site as an edge: each keeps its visitor', async () => {
    const visitor = await granted(`${fr}/start`);
    await near(hover('#pro'));
    await visit.page.locator('#pro').click();
    await visit.page.waitForURL(`${pro}/landing-pro?granted`);
    const rows = await landed('/landing-pro');
    expect(propsOf(rows[1])).toEqual({ linked_visitor_id: visitor, from_site: 'shop' });
    expect(rows.map(({ visitor_id }) => visitor_id)).not.toContain(visitor);
    expect(rows[0]?.visitor_id).toBe(rows[1]?.visitor_id);
  });

  test('says nothing before a grant, after a refusal, nor of the visitor before a reset; nothing is asked for', async () => {
    await visit.page.goto(`${fr}/start`);
    await visit.page.locator('#out').hover();
    await visit.page.locator('#out').click();
    await visit.page.waitForURL(`${com}/landing*`);
    await visit.page.goto(`${fr}/start`);
    await consent(visit.page, false);
    await visit.page.locator('#out').hover();
    await visit.page.locator('#out').click();
    await visit.page.waitForURL(`${com}/landing*`);
    expect(visit.requestsTo('/v1/link')).toEqual([]);
    expect(visit.requestsTo('/v1/events')).toEqual([]);
    expect(await visit.stored()).toEqual(NOTHING_STORED);

    await granted(`${fr}/start`);
    await near(hover('#out'));
    await visit.page.evaluate(() => (globalThis as unknown as Tracked).tracker.reset());
    await visit.page.locator('#out').click();
    await visit.page.waitForURL(`${com}/landing*`);
    const asked = visit.requests.filter((one) => one.isNavigationRequest()).map((one) => one.url());
    expect(asked.filter((url) => url.includes('pc_link'))).toEqual([]);
  });

  test('is left alone where it is marked noreferrer', async () => {
    await granted(`${fr}/start`);
    await near(hover('#out'));
    await visit.page.locator('#silent').click();
    await visit.page.waitForURL(`${com}/landing-silent`);
    expect(requestFor('/landing-silent').search).toBe('');
  });

  test('leaves nothing where the destination is refused', async () => {
    await granted(`${fr}/start`);
    await near(hover('#out'));
    await visit.page.locator('#out').click();
    await visit.page.waitForURL(`${com}/landing?size=4&sig=a%2fb#top`);
    expect(requestFor('/landing').searchParams.has('pc_link')).toBe(true);
    await consent(visit.page, false);
    const { cookies, ...storage } = await visit.stored();
    expect(cookies).toEqual(['pc_shop']);
    expect({ cookies: [], ...storage }).toEqual(NOTHING_STORED);
    // A later grant does not bring the arrival back.
    await consent(visit.page, true);
    const visitor = await visitorOn(visit.page);
    const mine = `SELECT type FROM events WHERE visitor_id = '${visitor}'`;
    expect(await program.rowsWhen(mine, (rows) => rows.length >= 1)).toEqual([{ type: 'page_view' }]);
  });

  test('counts the visit where its token is over, and links nobody', async () => {
    await visit.page.goto(`${fr}/start`);
    await visit.page.locator('#old').click();
    await visit.page.waitForURL(`${com}/landing-old?granted`);
    expect(requestFor('/landing-old').searchParams.has('pc_link')).toBe(true);
    const rows = await landed('/landing-old');
    const visitor = await visitorOn(visit.page);
    expect(rows.map(({ type, visitor_id }) => [type, visitor_id])).toEqual([
      ['page_view', visitor],
      ['cross_domain', visitor],
    ]);
    expect(propsOf(rows[1])).toEqual({ link_fault: 'expired' });
    expect(JSON.stringify(rows)).not.toContain('somebody-else');
  });
});

test.each(['tag', 'npm'])('the guide holds: %s', async (block) => {
  const { page } = visit;
  const grant = async (): Promise<string> => {
    await page.waitForFunction(() => typeof globalThis.parcours?.consent === 'function');
    await page.evaluate(() => parcours.consent({ audience: true }));
    await visitorOf(page);
    // The answer may bring the visitor of the other site.
    await page.evaluate(() => parcours.flush());
    return visitorOf(page);
  };
  await page.goto(`${fr}/${block}-start`);
  await page.waitForLoadState('networkidle');
  const visitor = await grant();
  await near(hover('#across'));
  await page.locator('#across').click();
  await page.waitForURL(`${com}/${block}-landing`);
  expect(await grant()).toBe(visitor);
  const rows = await landed(`/${block}-landing`);
  expect(rows.map(({ type, visitor_id }) => [type, visitor_id])).toEqual([
    ['page_view', visitor],
    ['cross_domain', visitor],
  ]);
});

test('hosts of one domain share the visitor by the cookie alone', async () => {
  const visitor = await granted(`${wwwFr}/sub-one`);
  await visit.page.goto(`${fr}/sub-two?granted`);
  const rows = await program.rowsWhen(rowsOf('/sub-two'), (found) => found.length === 1);
  expect(rows[0]).toMatchObject({ visitor_id: visitor });
  expect(rows[0]?.client_visitor_id).not.toBeNull();
  await visit.page.waitForFunction((id) => (globalThis as unknown as Tracked).tracker.visitorId() === id, visitor);
  expect(visit.requestsTo('/v1/link')).toEqual([]);
  const cookies = await visit.context.cookies();
  expect(cookies.map(({ domain }) => domain)).toEqual(['.shop-fr.localhost']);
});
