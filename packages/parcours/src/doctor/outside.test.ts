import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from './context.ts';
import { type Installation, linesOf, openInstallation, SCRIPT, troublesOf } from './testing/installation.ts';
import { appends, type ProxyOptions, type RunningProxy, startProxy } from './testing/proxy.ts';

let installation: Installation;
let pages: Server;
let origin: string;
let page: { html: string; headers: Record<string, string | string[]>; status: number };
let proxy: RunningProxy;

beforeAll(async () => {
  pages = createServer((_request, response) => {
    response.writeHead(page.status, { 'content-type': 'text/html', ...page.headers }).end(page.html);
  }).listen(0, '127.0.0.1');
  await once(pages, 'listening');
  origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
  installation = await openInstallation({
    sites: [{ id: 'shop', keys: ['pk_demo'], origins: [origin] }],
    trustProxy: 1,
  });
  await installation.send(1, {});
});
afterEach(() => proxy?.stop());
afterAll(async () => {
  await installation.close();
  pages.closeAllConnections();
  pages.close();
});

const DIGEST = `sha384-${createHash('sha384').update(SCRIPT.bytes).digest('base64')}`;
const STUB = 'window.parcours={q:[]}';
const tag = (more = '', site = 'shop', key = 'pk_demo'): string =>
  `<script nonce="abc">${STUB}</script><script nonce="abc" async src="${proxy.origin}/p.js" data-site="${site}" data-key="${key}" ${more}></script>`;

/** What doctor finds behind a proxy that does something of its own, of a page with a head and headers. */
async function behind(
  own: Partial<ProxyOptions>,
  head: () => string = tag,
  headers: Record<string, string | string[]> = {},
): Promise<Context> {
  proxy = await startProxy({ upstream: installation.collector, address: '127.0.1.1', rewrite: appends, ...own });
  page = { html: `<!doctype html><head>${head()}</head><body></body>`, headers, status: 200 };
  return installation.context({ url: new URL('/v1/events', proxy.origin), page: new URL(origin) });
}

it('finds nothing wrong behind a proxy and on a page in order', async () => {
  const context = await behind({});
  expect(await troublesOf(context)).toEqual({});
  const { address, proxy: line, cors, cookie, csp } = await linesOf(context);
  expect([address, line, cors, cookie, csp].map((each) => each?.verdict)).toEqual(Array(5).fill('ok'));
});

describe('address', () => {
  it('says that nothing answers', async () => {
    const context = await behind({});
    const lines = await linesOf({ ...context, url: new URL('http://127.0.0.1:1/v1/events') });
    expect(lines.address).toMatchObject({ verdict: 'red', faults: [{ code: 'unreachable' }] });
    expect([lines.proxy, lines.cors, lines.cookie].map((line) => line?.verdict)).toEqual(Array(3).fill('not_checked'));
  });

  it('says that something else answers', async () => {
    const context = await behind({
      instead: ({ method }) => (method === 'POST' ? { status: 404, body: 'nginx' } : undefined),
    });
    expect((await linesOf(context)).address).toMatchObject({ verdict: 'red', faults: [{ code: 'not_ours' }] });
  });
});

describe('cors', () => {
  it.each([
    ['missing', (headers: Record<string, unknown>) => delete headers['access-control-allow-origin']],
    [
      'twice',
      (headers: Record<string, unknown>) => {
        if (headers['access-control-allow-origin']) headers['access-control-allow-origin'] = [origin, '*'];
      },
    ],
    [
      'other',
      (headers: Record<string, unknown>) => {
        if (headers['access-control-allow-origin']) headers['access-control-allow-origin'] = 'https://another.example';
      },
    ],
    ['credentials', (headers: Record<string, unknown>) => delete headers['access-control-allow-credentials']],
    ['preflight', (headers: Record<string, unknown>) => delete headers['access-control-allow-methods']],
  ] as const)('%s', async (code, answer) => {
    const context = await behind({ answer: (headers) => void answer(headers) });
    expect(await troublesOf(context)).toEqual({ cors: `red ${code}` });
  });

  it('warns where Vary is gone', async () => {
    expect(await troublesOf(await behind({ answer: (headers) => delete headers.vary }))).toEqual({
      cors: 'warning vary',
    });
  });

  it('says that anybody may read', async () => {
    const answer: ProxyOptions['answer'] = (headers) => {
      headers['access-control-allow-origin'] ??= '*';
    };
    expect(await troublesOf(await behind({ answer }))).toEqual({ cors: 'red foreign' });
  });

  it('says that the collector refuses a key that is not in force', async () => {
    const context = await behind({});
    const [site] = context.sites;
    const sites = [{ ...site!, keys: ['pk_other'] }];
    const { cors } = await linesOf({ ...context, sites });
    expect(cors?.faults[0]).toMatchObject({ code: 'refused', found: expect.stringContaining('unknown_key') });
  });
});

describe('cookie', () => {
  const setCookie =
    (change: (set: string) => string | undefined): NonNullable<ProxyOptions['answer']> =>
    (headers) => {
      const set = headers['set-cookie'];
      if (set === undefined) return;
      const changed = change(String(set));
      if (changed === undefined) delete headers['set-cookie'];
      else headers['set-cookie'] = changed;
    };

  it.each([
    ['stripped', setCookie(() => undefined)],
    ['altered', setCookie((set) => set.replace('; Secure', ''))],
    ['altered', setCookie((set) => set.replace('SameSite=Lax', 'SameSite=None'))],
    ['altered', setCookie((set) => `${set}; Path=/shop`)],
    ['domain', setCookie((set) => `${set}; Domain=shop.example`)],
    ['unknown', setCookie((set) => set.replace('pc_shop=', 'pc_shop=x'))],
  ])('%s', async (code, answer) => {
    expect(await troublesOf(await behind({ answer }))).toEqual({ cookie: `red ${code}` });
  });

  it('that does not come back', async () => {
    const context = await behind({
      rewrite: (headers, from) => {
        appends(headers, from);
        delete headers.cookie;
      },
    });
    expect(await troublesOf(context)).toEqual({ cookie: 'red not_sent' });
  });

  it('from a cache, which may be the cookie of another', async () => {
    expect(await troublesOf(await behind({ isCache: true }))).toEqual({ cookie: 'red cached' });
  });

  it('of another site than the page', async () => {
    const context = await behind({});
    const [site] = context.sites;
    const sites = [{ ...site!, origins: [origin, 'https://shop.example'] }];
    expect((await linesOf({ ...context, sites })).cookie).toMatchObject({
      verdict: 'warning',
      faults: [{ code: 'cross_site' }],
    });
  });
});

describe('csp', () => {
  const nonce = "'nonce-abc'";
  it.each([
    [
      'all of it allowed',
      () => ({ 'content-security-policy': `default-src 'none'; script-src ${nonce}; connect-src ${proxy.origin}` }),
      undefined,
    ],
    [
      'strict-dynamic with the nonce',
      () => ({ 'content-security-policy': `script-src 'strict-dynamic' ${nonce}` }),
      undefined,
    ],
    ['no sending', () => ({ 'content-security-policy': `script-src ${nonce}; connect-src 'self'` }), 'red connect'],
    [
      'no sending, by default',
      () => ({ 'content-security-policy': `default-src 'self'; script-src ${nonce}` }),
      'red connect',
    ],
    ['no script', () => ({ 'content-security-policy': `script-src 'self' 'unsafe-inline'` }), 'red script'],
    [
      'the script by its host, the stub not',
      () => ({ 'content-security-policy': `script-src ${proxy.origin}` }),
      'red stub',
    ],
    [
      'strict-dynamic without the nonce',
      () => ({ 'content-security-policy': `script-src 'strict-dynamic' 'nonce-other' ${proxy.origin}` }),
      'red script stub',
    ],
    [
      'two policies, the second forbids',
      () => ({ 'content-security-policy': [`script-src ${nonce}`, `connect-src 'none'`] }),
      'red connect',
    ],
    [
      'two policies in one line',
      () => ({ 'content-security-policy': `script-src ${nonce}, connect-src 'none'` }),
      'red connect',
    ],
    ['only reported', () => ({ 'content-security-policy-report-only': `connect-src 'self'` }), 'warning report_only'],
  ] as const)('%s', async (_, headers, trouble) => {
    const context = await behind({});
    page.headers = headers() as unknown as Record<string, string>;
    expect(await troublesOf(context)).toEqual(trouble === undefined ? {} : { csp: trouble });
  });

  it('reads the policy of the page itself', async () => {
    const meta = `<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">`;
    expect(await troublesOf(await behind({}, () => meta + tag()))).toEqual({ csp: 'red connect' });
  });

  it.each<readonly [string, () => string, string | undefined]>([
    ['no tag', () => '<script>1</script>', 'warning no_tag'],
    ['another site', () => tag('', 'shops'), 'red wrong_site'],
    ['another key', () => tag('', 'shop', 'pk_old'), 'red wrong_key'],
    ['no such script', () => tag().replace('/p.js', '/q.js'), 'red script_missing'],
    [
      'the integrity of another',
      () => tag(`integrity="${DIGEST.replace('sha384-', 'sha384-A')}" crossorigin`),
      'red integrity',
    ],
    ['integrity without crossorigin', () => tag(`integrity="${DIGEST}"`), 'red integrity'],
    ['integrity', (): string => tag(`integrity="${DIGEST}" crossorigin="anonymous"`), undefined],
    ['another address', () => tag('data-endpoint="/v1/in"'), 'warning other_address'],
  ])('%s', async (_, head, trouble) => {
    expect(await troublesOf(await behind({}, head))).toEqual(trouble === undefined ? {} : { csp: trouble });
  });

  it('a page of an origin that is not listed, and one that is not there', async () => {
    const context = await behind({});
    const elsewhere = new URL(origin.replace('127.0.0.1', 'localhost'));
    expect(await troublesOf({ ...context, page: elsewhere })).toEqual({ csp: 'red origin' });
    page.status = 500;
    expect(await troublesOf(context)).toEqual({ csp: 'red unreachable' });
  });
});
