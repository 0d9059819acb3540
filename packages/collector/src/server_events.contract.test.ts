import type { BatchReply, EventRecord } from '@parcours/protocol';
import { RECEIVED_AT } from '@parcours/protocol/corpus';
import type { LogRecord } from '@parcours/store/log';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenedCollector, openCollector, type Way } from './testing/open_collector.ts';

const SECRET = `sk_${'s'.repeat(40)}`;
const SECOND = `sk_${'t'.repeat(40)}`;
const OTHERS = `sk_${'o'.repeat(40)}`;
const ORIGIN = 'https://shop.example';
const DAY_MS = 86_400_000;
const sites = [
  { id: 'shop', keys: ['pk_demo'], secretKeys: [SECRET, SECOND], origins: [ORIGIN] },
  { id: 'other', keys: ['pk_other'], secretKeys: [OTHERS] },
];

const aPurchase = (n: number, more: Partial<EventRecord> = {}): EventRecord => ({
  event_id: `019aa1c0-0000-7000-8000-${String(n).padStart(12, '0')}`,
  type: 'purchase',
  occurred_at: '2026-11-22T10:00:00.000Z',
  stamp: 0,
  props: { transaction_id: 'W-1', currency: 'EUR', value: 129.9, items: [{ item_id: 'SKU-1' }] },
  ...more,
});

/** As a shop's server sends it: without the public key. */
const aBatch = (events: readonly unknown[], more: Record<string, unknown> = {}) => ({
  v: 1,
  site: 'shop',
  sdk: 'shop-server/1.0',
  sent_at: '2026-11-22T10:00:01.000Z',
  stamps: [{ purposes: ['audience'], source: 'shop', at: '2026-11-22T09:59:00.000Z' }],
  events,
  ...more,
});

describe.each<Way>(['hono', 'node'])('a server with its secret key, through %s', (way) => {
  let opened: OpenedCollector;
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<void> => {
    opened = await openCollector(way, { now: () => RECEIVED_AT, sites, ...options });
  };
  beforeEach(() => open());
  afterEach(() => opened.close());

  const post = (
    body: unknown,
    { path = '/v1/events', ...headers }: Record<string, string> = { authorization: `Bearer ${SECRET}` },
  ): Promise<Response> =>
    opened.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const results = async (response: Response): Promise<BatchReply['results']> => {
    expect(response.status).toBe(200);
    return ((await response.json()) as BatchReply).results;
  };
  const refusal = async (response: Response) => {
    const text = await response.text();
    expect(text).not.toContain('sk_');
    return { status: response.status, code: (JSON.parse(text) as { error: { code: string } }).error.code };
  };
  const record = async (): Promise<LogRecord | undefined> => (await opened.records())[0];

  it('writes rows of source server, with either of its keys, with or without the public one', async () => {
    await results(await post(aBatch([aPurchase(1)])));
    await results(await post(aBatch([aPurchase(2)], { key: 'pk_demo' }), { authorization: `bearer ${SECOND}` }));
    const stored = await opened.records();
    expect(stored.map(({ source }) => source)).toEqual(['server', 'server']);
    expect(stored[0]?.events[0]).toMatchObject({ order_id: 'W-1', amount_minor: 12_990, currency: 'EUR' });
  });

  it('takes nothing of the server for the visitor: no address, device, cookie, and no bot by its name', async () => {
    const public_ = await post(aBatch([aPurchase(1)], { key: 'pk_demo', visitor_id: 'visitor-1' }), {});
    const cookie = public_.headers.get('set-cookie')?.split(';', 1)[0] as string;
    expect(cookie).toMatch(/^pc_shop=/);
    const response = await post(aBatch([aPurchase(2, { visitor_id: 'visitor-2' })], { visitor_id: 'visitor-2' }), {
      authorization: `Bearer ${SECRET}`,
      'user-agent': 'python-requests/2.32 (bot)',
      cookie,
    });
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.json()).not.toHaveProperty('visitor_id');
    const [, stored] = await opened.records();
    expect(stored?.client).toEqual({ bot: false });
    expect(stored?.events[0]).toMatchObject({ visitor_id: 'visitor-2' });
    expect(stored?.events[0]).not.toHaveProperty('client_visitor_id');
  });

  it('takes the source from the key, never from what is claimed', async () => {
    await results(
      await post(aBatch([aPurchase(1, { source: 'server' } as object)], { key: 'pk_demo', source: 'server' }), {}),
    );
    expect(await record()).toMatchObject({ source: 'web' });
    expect((await record())?.events[0]).not.toHaveProperty('source');
  });

  it('asks for consent like everybody', async () => {
    const at = '2026-11-22T09:59:00.000Z';
    const stamps = [
      { purposes: ['audience'], source: 'shop', at },
      { purposes: [], source: 'shop', at },
    ];
    const sent = [aPurchase(1), aPurchase(2, { stamp: 1 }), aPurchase(3, { stamp: 7 })];
    expect(await results(await post(aBatch(sent, { stamps })))).toMatchObject([
      { status: 'accepted' },
      { status: 'filtered', code: 'consent_denied' },
      { status: 'filtered', code: 'consent_missing' },
    ]);
    expect((await record())?.filtered).toHaveLength(2);
  });

  it('lets a server write 400 days back, and a page 8', async () => {
    const ago = (days: number) => ({ occurred_at: new Date(RECEIVED_AT - days * DAY_MS).toISOString() });
    const sent = [aPurchase(1, ago(399.9)), aPurchase(2, ago(400.1)), aPurchase(3, ago(8.1))];
    expect(await results(await post(aBatch(sent)))).toMatchObject([
      { status: 'accepted' },
      { status: 'failed', code: 'too_old', message: 'older than 400 days when it was received' },
      { status: 'accepted' },
    ]);
    const page = [aPurchase(4, ago(8.1))];
    expect(await results(await post(aBatch(page, { key: 'pk_demo' }), {}))).toMatchObject([
      { status: 'failed', code: 'too_old', message: 'older than 8 days when it was received' },
    ]);
  });

  it('believes the times of a server, also in a batch that is sent again hours later as it was', async () => {
    const sent_at = '2026-11-22T07:00:00.000Z';
    const stamps = [{ purposes: ['audience'], source: 'shop', at: '2026-11-22T06:00:00.000Z' }];
    const event = aPurchase(1, { occurred_at: '2026-11-22T06:59:00.000Z' });
    await results(await post(aBatch([event], { sent_at, stamps })));
    const [stored] = (await record())?.events ?? [];
    expect(stored?.occurred_at).toBe(event.occurred_at);
    expect(stored).not.toHaveProperty('client_occurred_at');
  });

  it.each<[string, Record<string, string>, Record<string, unknown>, number, string]>([
    ['a wrong secret', { authorization: `Bearer sk_${'x'.repeat(40)}` }, {}, 401, 'unknown_secret'],
    ['no secret after Bearer', { authorization: 'Bearer' }, {}, 401, 'unknown_secret'],
    ['a public key as secret', { authorization: 'Bearer pk_demo' }, {}, 401, 'unknown_secret'],
    ['the secret of another site', { authorization: `Bearer ${OTHERS}` }, {}, 401, 'unknown_secret'],
    ['a wrong public key beside it', { authorization: `Bearer ${SECRET}` }, { key: 'pk_other' }, 401, 'unknown_key'],
    ['another site', { authorization: `Bearer ${SECRET}` }, { site: 'none' }, 401, 'unknown_site'],
    ['a secret in the body', {}, { key: SECRET }, 401, 'secret_misplaced'],
    ['a secret in header and body', { authorization: `Bearer ${SECRET}` }, { key: SECRET }, 401, 'secret_misplaced'],
    ['a secret in the body of a page', { origin: ORIGIN }, { key: SECRET }, 403, 'secret_exposed'],
    ['a secret in the body of a strange page', { origin: 'null' }, { key: SECRET }, 403, 'secret_exposed'],
    [
      'a secret in the header of a page',
      { origin: ORIGIN, authorization: `Bearer ${SECRET}` },
      { key: 'pk_demo' },
      403,
      'secret_exposed',
    ],
    ['no key at all', {}, {}, 400, 'bad_batch'],
    ['a secret in the query', { path: `/v1/events?key=${SECRET}&secret=${SECRET}` }, {}, 400, 'bad_batch'],
    ['a secret in another scheme', { authorization: `Basic ${SECRET}` }, {}, 400, 'bad_batch'],
  ])('refuses %s', async (_what, headers, more, status, code) => {
    expect(await refusal(await post(aBatch([aPurchase(1)], more), headers))).toEqual({ status, code });
    expect(await opened.records()).toEqual([]);
  });

  it('judges a page by its public key, whatever else it sends by itself', async () => {
    for (const [n, authorization] of ['Bearer eyJhbGciOi.eyJzdWIi.c2ln', 'Basic c2hvcDpzaG9w'].entries()) {
      await results(await post(aBatch([aPurchase(n)], { key: 'pk_demo' }), { authorization, origin: ORIGIN }));
    }
    expect((await opened.records()).map(({ source }) => source)).toEqual(['web', 'web']);
  });

  it('lets no page send an Authorization header from another origin', async () => {
    const response = await opened.request('/v1/events', {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-headers': 'authorization' },
    });
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type, content-encoding');
  });

  it('counts a server by its key, and whoever guesses by address', async () => {
    await opened.close();
    await open({ rateLimits: { perAddress: 1, perKey: 4 } });
    const codes = async (times: number, headers: Record<string, string>): Promise<unknown[]> => {
      const answers = await Promise.all(
        Array.from({ length: times }, () => post(aBatch([], { key: 'pk_demo' }), headers)),
      );
      return Promise.all(answers.map(async (answer) => (answer.status === 200 ? 200 : (await refusal(answer)).code)));
    };
    // More than an address may send, none of it counted against the address.
    expect(await codes(4, { authorization: `Bearer ${SECRET}` })).toEqual([200, 200, 200, 200]);
    expect(await codes(20, { authorization: `Bearer ${SECRET}` })).toContain('rate_limited');
    expect(await codes(1, { authorization: `Bearer ${SECOND}` })).toEqual([200]);
    expect(await codes(1, {})).toEqual([200]);
    const guesses = await codes(6, { authorization: `Bearer sk_${'x'.repeat(40)}` });
    expect(guesses).toContain('unknown_secret');
    expect(guesses).toContain('rate_limited');
  });

  it('answers a repeat from the same server as duplicate', async () => {
    await results(await post(aBatch([aPurchase(1)])));
    expect(await results(await post(aBatch([aPurchase(1)])))).toMatchObject([{ status: 'duplicate' }]);
  });

  it('gives the order of the join keys its column, below that of the properties', async () => {
    const begun = aPurchase(1, {
      type: 'begin_checkout',
      keys: { order_id: 'W-1' },
      props: { items: [{ item_id: 'A' }] },
    });
    await results(await post(aBatch([begun, aPurchase(2, { keys: { order_id: 'W-2' } })])));
    expect((await record())?.events.map(({ order_id }) => order_id)).toEqual(['W-1', 'W-1']);
  });

  it('takes no order number that holds a person: masked it would be one order for all', async () => {
    const numbered = (n: number, transaction_id: string) =>
      aPurchase(n, { props: { ...aPurchase(n).props, transaction_id } });
    await results(
      await post(aBatch([numbered(1, 'jo@mail.example 1'), numbered(2, '#1001'), numbered(3, 'Order 7/2026')])),
    );
    expect((await record())?.events.map(({ order_id }) => order_id)).toEqual([undefined, '#1001', 'Order 7/2026']);
    expect(JSON.stringify(await record())).not.toContain('mail.example');
  });

  it('judges without storing at /v1/validate', async () => {
    const response = await post(aBatch([aPurchase(1)]), { path: '/v1/validate', authorization: `Bearer ${SECRET}` });
    expect(await results(response)).toMatchObject([{ status: 'accepted' }]);
    expect(await opened.records()).toEqual([]);
  });

  it('tells the secret nowhere: not in the log, the metrics or the line of a request', async () => {
    await opened.close();
    const lines: unknown[] = [];
    await open({ onRequest: (line) => lines.push(line) });
    await results(await post(aBatch([aPurchase(1)])));
    await refusal(await post(aBatch([], { key: SECRET }), {}));
    const metrics = await (await opened.request('/metrics')).text();
    expect(metrics).toContain('code="secret_misplaced"');
    expect(JSON.stringify([lines, await opened.records(), metrics])).not.toContain(SECRET);
  });
});
