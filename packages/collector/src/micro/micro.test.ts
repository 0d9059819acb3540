import { randomUUID } from 'node:crypto';
import { checkedFetch } from '@parcours/protocol/openapi/testing';
import { expect, it } from 'vitest';
import { createMicro, type MicroOptions } from './micro.ts';
import { microOpenApi } from './openapi.ts';
import { microRoutes } from './routes.ts';

const PAGE = 'http://localhost:3000';
const GRANT = { purposes: ['audience'], source: 'banner' };

const anEvent = (type: string, props?: object, more: object = {}) => ({
  event_id: randomUUID(),
  type,
  occurred_at: new Date().toISOString(),
  stamp: 0,
  visitor_id: 'v-1',
  session_id: 's-1',
  page: { url: `${PAGE}/thanks` },
  props,
  ...more,
});

const aPurchase = (more: object = {}) =>
  anEvent('purchase', {
    transaction_id: 'W-1',
    currency: 'EUR',
    value: 119.9,
    items: [{ item_id: 'SKU-1', quantity: 2 }],
    ...more,
  });

const aBatch = (events: readonly unknown[], more: object = {}) => ({
  v: 1,
  site: 'shop',
  key: 'pk_demo',
  sdk: 'test',
  sent_at: new Date().toISOString(),
  stamps: [{ ...GRANT, at: new Date(Date.now() - 60_000).toISOString() }],
  events,
  ...more,
});

function openMicro(options: MicroOptions = {}) {
  const micro = createMicro(options);
  const env = { remoteAddress: '127.0.0.1' };
  const ask = async (path: string, init?: RequestInit): Promise<Response> => micro.request(path, init, env);
  // Every answer under `/micro` is as its route describes it.
  const told = microRoutes({
    journal: micro.journal,
    onChange: () => () => {},
    reset: micro.reset,
    loopbackOnly: true,
  });
  const checked = checkedFetch(told, microOpenApi, ask);
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    path.startsWith('/micro') && init.method !== 'OPTIONS' ? checked(path, init) : ask(path, init);
  return {
    micro,
    request,
    send: (body: unknown, headers: Record<string, string> = { origin: PAGE }) =>
      request('/v1/events', {
        method: 'POST',
        headers: { 'content-type': 'text/plain', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    ask: async (path: string) => (await request(path)).json(),
  };
}

it('tells an accepted event in its stored form, with the consent that it was kept under', async () => {
  const { send, ask } = openMicro();
  const purchase = aPurchase();
  const batch = aBatch([purchase]);
  expect((await send(batch)).status).toBe(200);
  expect(await ask('/micro/events')).toEqual({
    total: 1,
    events: [
      {
        n: 1,
        event_id: purchase.event_id,
        type: 'purchase',
        site: 'shop',
        source: 'web',
        sdk: 'test',
        occurred_at: purchase.occurred_at,
        sent_at: batch.sent_at,
        received_at: expect.stringMatching(/Z$/),
        visitor_id: 'v-1',
        session_id: 's-1',
        url: `${PAGE}/thanks`,
        path: '/thanks',
        order_id: 'W-1',
        amount_minor: 11_990,
        currency: 'EUR',
        props: purchase.props,
        client: { bot: false, device: 'other', ip_prefix: '127.0.0.0/24' },
        decision: { status: 'accepted', purposes: ['audience'], source: 'banner', at: batch.stamps[0]!.at },
      },
    ],
  });
});

it.each([
  ['type=purchase', 2],
  ['type=purchase&order_id=W-2', 1],
  ['site=shop&session_id=s-1&visitor_id=v-1&path=/thanks', 3],
  ['props.value=119.9', 1],
  ['props.items.0.item_id=SKU-1&props.items.0.quantity=2', 2],
  ['amount_minor=11990', 1],
  ['props.gift=true', 1],
  ['props.note=null', 1],
  ['props.value=119.90', 0],
  ['props.constructor=x', 0],
])('finds by %s', async (query, total) => {
  const { send, ask } = openMicro();
  await send(
    aBatch([aPurchase(), aPurchase({ transaction_id: 'W-2', value: 5, gift: true, note: null }), anEvent('page_view')]),
  );
  expect(await ask(`/micro/events?${query}`)).toMatchObject({ total });
});

it('pages through, the oldest or the newest first', async () => {
  const { send, ask } = openMicro();
  for (let i = 0; i < 5; i++) await send(aBatch([anEvent('page_view')]));
  for (const [order, wanted] of [
    ['oldest', [1, 2, 3, 4, 5]],
    ['newest', [5, 4, 3, 2, 1]],
  ] as const) {
    const seen: number[] = [];
    let query = `limit=2&order=${order}`;
    for (;;) {
      const { events, next, total } = await ask(`/micro/events?${query}`);
      expect(total).toBe(5);
      seen.push(...events.map(({ n }: { n: number }) => n));
      if (next === undefined) break;
      query = `limit=2&order=${order}&after=${next}`;
    }
    expect(seen).toEqual(wanted);
  }
});

it.each([
  ['/micro/events?colour=red', /"colour" is no field.*visitor_id.*limit/],
  ['/micro/events?limit=0', /limit: must be a whole number from 1 to 1000 \(it is "0"\)/],
  ['/micro/events?order=up', /order: must be oldest or newest/],
  ['/micro/wait?timeout=60001', /timeout: must be milliseconds/],
  ['/micro/wait?count=1e3', /count: must be a whole number/],
])('says what of %s cannot be asked', async (path, message) => {
  const response = await openMicro().request(path);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: { code: 'bad_query', message: expect.stringMatching(message) } });
});

it('shows what failed with its place and what was sent, scrubbed', async () => {
  const { send, ask } = openMicro();
  await send(aBatch([aPurchase({ currency: 'euro', coupon: 'jane@example.com' })]));
  const { failed, total } = await ask('/micro/failed');
  expect(total).toBe(1);
  expect(failed[0]).toMatchObject({
    type: 'purchase',
    stage: 'validate',
    code: 'invalid_field',
    path: 'props.currency',
    message: expect.any(String),
    item: { type: 'purchase', props: { transaction_id: 'W-1', currency: 'euro' } },
  });
  expect(JSON.stringify(failed)).not.toContain('jane@');
});

it('counts what was left out and let go, by reason', async () => {
  const { send, ask } = openMicro();
  const stamps = [{ ...GRANT, purposes: [], at: new Date().toISOString() }];
  await send(
    aBatch([anEvent('page_view'), anEvent('page_view')], { stamps, dropped: [{ code: 'queue_full', count: 3 }] }),
  );
  expect(await ask('/micro/filtered')).toEqual({
    total: 2,
    counts: [
      { site: 'shop', type: 'page_view', code: 'consent_denied', count: 2, text: 'the purpose was not granted' },
    ],
  });
  expect(await ask('/micro/dropped')).toMatchObject({ total: 3, counts: [{ code: 'queue_full', count: 3 }] });
  expect((await ask('/micro/events')).total).toBe(0);
});

it.each([
  ['a wrong key', { key: 'pk_wrong' }, {}, 401, 'unknown_key'],
  ['an unknown site', { site: 'shopp' }, {}, 401, 'unknown_site'],
  ['another origin', {}, { origin: 'https://elsewhere.example' }, 401, 'origin_not_allowed'],
])('shows a request that was refused for %s', async (_, more, headers, status, code) => {
  const { send, ask } = openMicro();
  const batch = aBatch([aPurchase()], more);
  expect((await send(batch, { origin: PAGE, ...headers })).status).toBe(status);
  const { refused } = await ask('/micro/refused');
  expect(refused).toEqual([
    {
      n: 1,
      at: expect.any(String),
      status,
      code,
      message: expect.any(String),
      origin: { origin: PAGE, ...headers }.origin,
      site: batch.site,
      types: ['purchase'],
    },
  ]);
  expect(await ask('/micro/accounts')).toMatchObject({ received: 0, refused: 1, adds_up: true });
});

it('shows a request that is no batch at all', async () => {
  const { send, ask } = openMicro();
  await send('not JSON');
  await send('null');
  const { refused } = await ask('/micro/refused');
  expect(refused).toMatchObject([
    { code: 'bad_json', site: null, types: [] },
    { code: 'bad_batch', site: null, types: [] },
  ]);
});

it('keeps accounts that add up, whatever comes', async () => {
  const { send, ask } = openMicro();
  const twice = aPurchase();
  await send(aBatch([twice, aPurchase({ currency: 1 }), anEvent('page_view', undefined, { stamp: 7 }), null]));
  await send(aBatch([twice]));
  expect(await ask('/micro/accounts')).toMatchObject({
    received: 5,
    accepted: 1,
    duplicate: 1,
    filtered: 1,
    failed: 2,
    retry: 0,
    refused: 0,
    adds_up: true,
    types: { purchase: 1 },
  });
});

it('takes any page of this machine, and answers it by its own name', async () => {
  const { send, request } = openMicro();
  for (const origin of [
    'http://localhost:3000',
    'https://127.0.0.1:8443',
    'http://[::1]:5173',
    'http://my.localhost',
  ]) {
    const response = await send(aBatch([anEvent('page_view')]), { origin });
    expect([origin, response.status]).toEqual([origin, 200]);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    const preflight = await request('/v1/events', { method: 'OPTIONS', headers: { origin } });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
  }
});

it('takes only the pages that are named, where some are', async () => {
  const { send } = openMicro({ origins: ['https://shop.test'] });
  expect((await send(aBatch([anEvent('page_view')]), { origin: 'https://shop.test' })).status).toBe(200);
  expect((await send(aBatch([anEvent('page_view')]))).status).toBe(401);
});

it('answers whoever waits as soon as enough is there', async () => {
  const { send, ask } = openMicro();
  const waiting = ask('/micro/wait?type=purchase&count=2&timeout=60000');
  await send(aBatch([aPurchase(), anEvent('page_view')]));
  await send(aBatch([aPurchase({ transaction_id: 'W-2' })]));
  expect(await waiting).toMatchObject({ total: 2, events: [{ order_id: 'W-1' }, { order_id: 'W-2' }] });
});

it('tells whoever waited in vain what was there instead, and how near it came', async () => {
  const { send, request } = openMicro();
  await send(aBatch([aPurchase({ value: 5 }), aPurchase({ value: 5, transaction_id: 'W-2' }), anEvent('page_view')]));
  await send(aBatch([aPurchase({ currency: 'euro' })]));
  await send(aBatch([], { key: 'pk_wrong' }));
  const response = await request('/micro/wait?type=purchase&order_id=W-1&props.value=119.9&timeout=1');
  expect(response.status).toBe(408);
  expect(await response.json()).toMatchObject({
    error: { code: 'timeout', message: 'waited 1 ms for 1 matching event, there are 0' },
    events: [],
    types: { purchase: 2, page_view: 1 },
    nearest: [
      { event: { order_id: 'W-1' }, differs: [{ field: 'props.value', wanted: '119.9', got: 5 }] },
      { event: { order_id: 'W-2' }, differs: [{ field: 'order_id' }, { field: 'props.value' }] },
    ],
    failed: [{ type: 'purchase', path: 'props.currency' }],
    refused: [{ code: 'unknown_key' }],
  });
});

it('forgets at a reset, ids included, and goes on numbering and adding up', async () => {
  const { send, ask, request, micro } = openMicro();
  const event = aPurchase();
  const waiting = ask('/micro/wait?count=2&timeout=60000');
  await send(aBatch([event]));
  expect((await request('/micro/reset', { method: 'POST' })).status).toBe(204);
  expect(await ask('/micro/accounts')).toMatchObject({ received: 0, accepted: 0, bytes: 0, adds_up: true });
  await send(aBatch([event]));
  expect(await ask('/micro/events')).toMatchObject({ total: 1, events: [{ n: 2 }] });
  expect(await ask('/micro/accounts')).toMatchObject({ accepted: 1, duplicate: 0, adds_up: true });
  expect(micro.totals()).toMatchObject({ received: 2, accepted: 2 });
  await send(aBatch([anEvent('page_view')]));
  expect(await waiting).toMatchObject({ total: 2 });
});

it('refuses what it has no room for, says so, and goes on after a reset', async () => {
  const { send, ask, request } = openMicro({ maxBytes: 1_500 });
  expect((await send(aBatch([aPurchase()]))).status).toBe(200);
  const full = await send(aBatch([aPurchase(), aPurchase()]));
  expect([full.status, full.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await ask('/micro/accounts')).toMatchObject({ received: 3, accepted: 1, retry: 2, adds_up: true });
  expect((await ask('/micro/refused')).refused).toMatchObject([{ code: 'overloaded' }]);
  expect((await request('/readyz')).status).toBe(503);
  await request('/micro/reset', { method: 'POST' });
  expect((await request('/readyz')).status).toBe(200);
  expect((await send(aBatch([aPurchase()]))).status).toBe(200);
});

it('is read by pages of this machine, and by no others', async () => {
  const { request } = openMicro();
  const own = await request('/micro/events', { headers: { origin: PAGE } });
  expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, PAGE]);
  const preflight = await request('/micro/reset', { method: 'OPTIONS', headers: { origin: PAGE } });
  expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, POST']);
  const origin = 'https://elsewhere.example';
  for (const init of [{ headers: { origin } }, { headers: { origin }, method: 'POST' }]) {
    const other = await request('/micro/reset', init);
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  }
  expect((await request('/micro/events', { headers: { host: 'rebound.example:9090' } })).status).toBe(403);
  const named = openMicro({ loopbackOnly: false });
  expect((await named.request('/micro/events', { headers: { host: 'micro:9090' } })).status).toBe(200);
});

it('shows it to people, with faults first, and nothing that was sent becomes markup', async () => {
  const { send, request } = openMicro();
  const title = '<b onclick="x">';
  await send(aBatch([aPurchase({ title }), aPurchase({ currency: title })]));
  await send(aBatch([], { key: 'pk_wrong', site: '<i>' }));
  const page = await request('/micro');
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const text = await page.text();
  expect(text).toContain('<td>W-1</td><td>11990 EUR</td>');
  expect(text).toContain('failed: purchase at props.currency');
  expect(text).toContain('refused: a request of http://localhost:3000 for site &quot;&lt;i&gt;&quot;');
  expect(text).toContain('&lt;b onclick=');
  expect(text).not.toMatch(/<b |<i>/);
});

it('is the collector in all else: scripts, health, validation, errors', async () => {
  const bytes = new TextEncoder().encode('x();');
  const { request, ask } = openMicro({ scripts: [{ version: '1.0.0', file: 'p.js', bytes }] });
  expect(await (await request('/p.js')).text()).toBe('x();');
  expect((await request('/readyz')).status).toBe(200);
  expect((await request('/nothing')).status).toBe(404);
  expect((await request('/micro/nothing')).status).toBe(404);
  const judged = await request('/v1/validate', {
    method: 'POST',
    headers: { origin: PAGE, 'content-type': 'text/plain' },
    body: JSON.stringify(aBatch([aPurchase()])),
  });
  expect(await judged.json()).toMatchObject({ results: [{ status: 'accepted' }] });
  expect(await ask('/micro/accounts')).toMatchObject({ received: 0 });
});

it('describes every route, and gives the description', async () => {
  const nothing = () => {};
  const app = microRoutes({
    journal: () => createMicro().journal(),
    onChange: () => nothing,
    reset: nothing,
    loopbackOnly: true,
  });
  const document = microOpenApi(app);
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot(
    '../../../../docs/reference/openapi/micro.json',
  );
  expect(await openMicro().ask('/micro/openapi.json')).toEqual(JSON.parse(JSON.stringify(document)));
});

it('names an option that is wrong', () => {
  expect(() => createMicro({ sites: [{ id: 'Shop', keys: ['k'] }] })).toThrow(/sites\[0\]\.id/);
  expect(() => createMicro({ origins: ['localhost'] })).toThrow(/origins\[0\].*must be an origin/);
});
