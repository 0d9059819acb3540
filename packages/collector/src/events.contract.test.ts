import { gzipSync } from 'node:zlib';
import { type BatchReply, type EventRecord, LIMITS } from '@parcours/protocol';
import { RECEIPT_KEY, RECEIVED_AT, readCorpus } from '@parcours/protocol/corpus';
import { diskFiles, type LogFiles } from '@parcours/store/log';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { demoSite, type OpenedCollector, openCollector, type Way } from './testing/open_collector.ts';
import { aPolicy } from './testing/policy.ts';

const now = (): number => RECEIVED_AT;

const anEvent = (n: number, more: Partial<EventRecord> = {}): EventRecord => ({
  event_id: `019aa1c0-0000-7000-8000-${String(n).padStart(12, '0')}`,
  type: 'page_view',
  occurred_at: '2026-11-22T10:00:00.000Z',
  stamp: 0,
  visitor_id: 'visitor-1',
  page: { url: 'https://shop.example/boots' },
  ...more,
});

const AT = '2026-11-22T09:59:00.000Z';
const aStamp = (purposes: readonly string[]) => ({ purposes, source: 'manual', at: AT });

const aBatch = (events: readonly unknown[], more: Record<string, unknown> = {}) => ({
  v: 1,
  site: 'shop',
  key: 'pk_demo',
  sdk: '0.1.0',
  sent_at: '2026-11-22T10:00:01.000Z',
  stamps: [aStamp(['audience'])],
  events,
  ...more,
});

/** Both ways in must answer alike: the thin one exists for speed alone. */
describe.each<Way>(['hono', 'node'])('POST /v1/events through %s', (way) => {
  let opened: OpenedCollector | undefined;
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<OpenedCollector> => {
    opened = await openCollector(way, { now, ...options });
    return opened;
  };
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    (opened as OpenedCollector).request('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    });
  const results = async (response: Response): Promise<BatchReply['results']> => {
    expect(response.status).toBe(200);
    return ((await response.json()) as BatchReply).results;
  };
  const refusal = async (response: Response) => ({
    status: response.status,
    code: ((await response.json()) as { error: { code: string } }).error.code,
  });

  it.each([...readCorpus('valid'), ...readCorpus('invalid')])('judges $name as the corpus says', async (entry) => {
    const { records } = await open({
      consent: { receiptKey: RECEIPT_KEY },
      ...(entry.rules && { policies: [aPolicy(entry.rules)] }),
    });
    const answered = await results(await post(entry.batch));
    expect(answered).toMatchObject(entry.results);
    expect(answered).toHaveLength(entry.results.length);
    const stored = await records();
    const count = (status: string): number => entry.results.filter((result) => result.status === status).length;
    expect(stored.flatMap(({ events }) => events)).toHaveLength(count('accepted'));
    expect(stored.flatMap(({ failed = [] }) => failed)).toHaveLength(count('failed'));
    expect(stored.flatMap(({ filtered = [] }) => filtered).reduce((sum, entry) => sum + entry.count, 0)).toBe(
      count('filtered'),
    );
  });

  it.each(readCorpus('refused'))('refuses $name whole', async (entry) => {
    const { records } = await open();
    expect(await refusal(await post(entry.batch))).toEqual({ status: entry.status, code: entry.code });
    expect(await records()).toEqual([]);
  });

  it('reads what brought an arrival from its address, on the view alone', async () => {
    const { records } = await open();
    const url = 'https://shop.example/boots?utm_source=news&pc_place=lyon-2&pc_code=4970101234567&gclid=1';
    const events = [anEvent(1, { page: { url } }), anEvent(2, { page: { url }, type: 'size_chosen' })];
    await post(aBatch(events, { stamps: [aStamp(['audience', 'ads_measurement'])] }));
    const [view, other] = (await records()).flatMap(({ events }) => events);
    expect(view).toMatchObject({
      url: 'https://shop.example/boots',
      utm_source: 'news',
      place_id: 'lyon-2',
      keys: { qr: '4970101234567' },
      props: { click_id: 'gclid' },
    });
    for (const column of ['utm_source', 'place_id', 'keys', 'channel']) expect(other).not.toHaveProperty(column);
  });

  it('tells of a link whether it leads away, by the hosts of the shop', async () => {
    const { records } = await open();
    const click = (n: number, link_url: string) =>
      anEvent(n, { type: 'click', props: { element: 'main > a', link_url } });
    await post(
      aBatch([click(1, 'https://pay.shop.example/a'), click(2, 'https://other.example/a.pdf'), click(3, 'tel:')]),
    );
    const links = (await records()).flatMap(({ events }) => events.map(({ props }) => props));
    expect(links).toEqual([
      { element: 'main > a', link_url: 'https://pay.shop.example/a', link_domain: 'pay.shop.example' },
      {
        element: 'main > a',
        link_url: 'https://other.example/a.pdf',
        link_domain: 'other.example',
        outbound: true,
        file_extension: 'pdf',
      },
      { element: 'main > a', link_url: 'tel:' },
    ]);
  });

  it('takes a host of the shop for its own however it is written in the settings', async () => {
    const { records } = await open({
      sites: [{ ...demoSite, origins: [], keys: ['pk_demo'], hosts: ['Pay.Example'] }],
    });
    await post(aBatch([anEvent(1, { type: 'bag_chosen', props: { link_url: 'https://pay.example/bag' } })]));
    expect((await records())[0]).toMatchObject({
      events: [{ props: { link_url: 'https://pay.example/bag', link_domain: 'pay.example' } }],
    });
    expect(JSON.stringify(await records())).not.toContain('outbound');
  });

  it('stores 499 of 500 and tells where the bad one is wrong', async () => {
    const { records } = await open();
    const events = Array.from({ length: 500 }, (_, n) => anEvent(n));
    events[250] = anEvent(250, { page: { url: '/no-host' } });
    const answered = await results(await post(aBatch(events)));
    expect(answered.filter(({ status }) => status === 'accepted')).toHaveLength(499);
    expect(answered[250]).toMatchObject({ status: 'failed', code: 'invalid_field', path: 'page.url' });
    expect((await records())[0]?.events).toHaveLength(499);
  });

  it.each<[string, BodyInit | Uint8Array, Record<string, string>, number, string]>([
    ['half a batch', '{"v":1,', {}, 400, 'bad_json'],
    ['no body', '', {}, 400, 'bad_json'],
    ['another content type', '{}', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_type'],
    ['another encoding', '{}', { 'content-encoding': 'br' }, 415, 'unsupported_encoding'],
    ['a broken gzip', 'no gzip', { 'content-encoding': 'gzip' }, 400, 'bad_encoding'],
    ['a gzip bomb', gzipSync(Buffer.alloc(64 << 20)), { 'content-encoding': 'gzip' }, 413, 'body_too_large'],
    ['a body over the limit', 'x'.repeat(LIMITS.batchBytes + 1), {}, 413, 'body_too_large'],
    [
      'a page of another origin',
      JSON.stringify(aBatch([])),
      { origin: 'https://evil.example' },
      401,
      'origin_not_allowed',
    ],
  ])('refuses %s', async (_name, body, headers, status, code) => {
    const { records } = await open();
    expect(await refusal(await post(body, headers))).toEqual({ status, code });
    expect(await records()).toEqual([]);
  });

  it('refuses 501 events', async () => {
    await open();
    const events = Array.from({ length: 501 }, (_, n) => anEvent(n));
    expect(await refusal(await post(aBatch(events)))).toEqual({ status: 413, code: 'too_many_events' });
  });

  it('fails one event that is over its size and keeps its neighbours', async () => {
    await open();
    const large = anEvent(1, { type: 'custom', props: { text: 'x'.repeat(LIMITS.eventBytes) } });
    const answered = await results(await post(aBatch([large, anEvent(2)])));
    expect(answered).toMatchObject([{ status: 'failed', code: 'event_too_large' }, { status: 'accepted' }]);
  });

  it('takes JSON and gzip, and lets an allowed page read the answer', async () => {
    await open();
    const response = await post(gzipSync(JSON.stringify(aBatch([anEvent(1)]))), {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      origin: 'https://shop.example',
    });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    expect(await results(response)).toMatchObject([{ status: 'accepted' }]);
  });

  it('gives a page of another origin no way to read', async () => {
    await open();
    const response = await post(aBatch([]), { origin: 'https://evil.example' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['"props":{"n":1e999}', 'number_out_of_range', 'props.n'],
    ['"props":{"a":{"__proto__":{"isAdmin":true}}}', 'forbidden_key', 'props.a.__proto__'],
    ['"__proto__":{"event_id":"x"}', 'forbidden_key', '__proto__'],
    ['"props":{"a":NESTED}', 'too_deep', 'props.a[0][0][0][0][0][0]'],
  ])('fails an event with %s, and keeps its neighbours', async (field, code, path) => {
    const { records } = await open();
    const text = JSON.stringify(aBatch([anEvent(1), anEvent(2)]));
    const nested = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const spoilt = text.replace('"type":"page_view"', `"type":"custom",${field.replace('NESTED', nested)}`);
    expect(await results(await post(spoilt))).toMatchObject([{ status: 'failed', code, path }, { status: 'accepted' }]);
    expect((await records())[0]?.events).toHaveLength(1);
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('repairs NUL and lone surrogates, and stores the neighbours as they are', async () => {
    const { records } = await open();
    const text = JSON.stringify(aBatch([anEvent(1, { type: 'custom', props: { a: 'A', b: 'B' } }), anEvent(2)]));
    await results(await post(text.replace('"A"', '"x\\u0000y"').replace('"B"', '"\\ud800z"')));
    const [record] = await records();
    expect(record?.events[0]?.props).toEqual({ a: 'x\ufffdy', b: '\ufffdz' });
  });

  it.each([
    ['0001-01-01T00:00:00.000Z', 'a clock in the year 1'],
    ['9999-12-31T23:59:59.000Z', 'a clock in the year 9999'],
  ])('corrects %s', async (time) => {
    const { records } = await open();
    const stamps = [{ purposes: ['audience'], source: 'manual', at: time }];
    await results(await post(aBatch([anEvent(1, { occurred_at: time })], { sent_at: time, stamps })));
    const [record] = await records();
    expect(record?.events[0]).toMatchObject({
      occurred_at: new Date(RECEIVED_AT).toISOString(),
      client_occurred_at: time,
    });
  });

  it('answers a repeat as duplicate, within a batch, between batches and while the first is being stored', async () => {
    const { records } = await open();
    expect(await results(await post(aBatch([anEvent(1), anEvent(1)])))).toMatchObject([
      { status: 'accepted' },
      { status: 'duplicate' },
    ]);
    expect(await results(await post(aBatch([anEvent(1)])))).toMatchObject([{ status: 'duplicate' }]);
    const both = await Promise.all([post(aBatch([anEvent(2)])), post(aBatch([anEvent(2)]))]);
    const statuses = (await Promise.all(both.map(results))).flat().map(({ status }) => status);
    expect(statuses.sort()).toEqual(['accepted', 'duplicate']);
    expect((await records()).flatMap(({ events }) => events)).toHaveLength(2);
  });

  it('sets the visitor cookie once, lets it win over an emptied browser, and rotates it on reset', async () => {
    const { records } = await open();
    const first = await post(aBatch([anEvent(1)], { visitor_id: 'visitor-1' }));
    const cookie = first.headers.get('set-cookie')?.split(';', 1)[0] as string;
    expect(cookie).toMatch(/^pc_shop=/);
    const again = await post(aBatch([anEvent(2)], { visitor_id: 'visitor-1' }), { cookie });
    expect(again.headers.get('set-cookie')).toBeNull();
    const emptied = await post(
      aBatch([anEvent(3, { visitor_id: 'visitor-2' }), anEvent(4, { visitor_id: 'visitor-0' })], {
        visitor_id: 'visitor-2',
      }),
      { cookie },
    );
    expect(((await emptied.json()) as BatchReply).visitor_id).toBe('visitor-1');
    const rotated = await post(
      aBatch([anEvent(5, { visitor_id: 'visitor-3' })], { visitor_id: 'visitor-3', rotate: true }),
      {
        cookie,
      },
    );
    expect(rotated.headers.get('set-cookie')).toContain('.visitor-3.');
    const ids = (await records())
      .flatMap(({ events }) => events)
      .map((event) => [event.visitor_id, event.client_visitor_id]);
    expect(ids).toEqual([
      ['visitor-1', undefined],
      ['visitor-1', undefined],
      ['visitor-1', 'visitor-2'],
      // Captured under an id of before: not the present visitor's to claim.
      ['visitor-0', undefined],
      ['visitor-3', undefined],
    ]);
  });

  it('sets no cookie where nothing was granted', async () => {
    await open();
    const response = await post(aBatch([anEvent(1)], { visitor_id: 'visitor-1', stamps: [] }));
    expect(await results(response)).toMatchObject([{ status: 'filtered', code: 'consent_missing' }]);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('keeps a join key only under its own purpose', async () => {
    const { records } = await open();
    const stamps = [['audience'], ['audience', 'crm_join']].map((purposes) => ({
      purposes,
      source: 'manual',
      at: '2026-11-22T09:59:00.000Z',
    }));
    const keys = { customer_id: 'C-77', order_id: 'W-1' };
    await results(await post(aBatch([anEvent(1, { keys }), anEvent(2, { keys, stamp: 1 })], { stamps })));
    expect((await records())[0]?.events.map((event) => event.keys)).toEqual([{ order_id: 'W-1' }, keys]);
  });

  it('keeps a key that is written like a code whole, and none that is an address', async () => {
    const { records } = await open();
    const stamps = [{ ...aBatch([]).stamps[0], purposes: ['audience', 'crm_join'] }];
    const keys = { email_hmac: 'a1b2c3d4'.repeat(8), loyalty_card: '4970101234567890', customer_id: 'jo@mail.example' };
    await results(await post(aBatch([anEvent(1, { keys })], { stamps })));
    const { customer_id, ...codes } = keys;
    expect((await records())[0]?.events[0]?.keys).toEqual(codes);
  });

  it('keeps of a failed event no more than of a stored one', async () => {
    const { records } = await open();
    const page = {
      url: 'https://shop.example/a?token=secret-token#part',
      title: 'A',
      referrer: 'https://mail.example/inbox',
    };
    await results(await post(aBatch([anEvent(1, { type: 'search', page, props: {}, keys: { customer_id: 'C-77' } })])));
    const item = JSON.parse((await records())[0]?.failed?.[0]?.item ?? '');
    expect(item).toMatchObject({
      type: 'search',
      stamp: 0,
      page: { url: 'https://shop.example/a', title: 'A' },
      props: {},
    });
    expect(JSON.stringify(item)).not.toMatch(/secret|inbox|C-77/);
  });

  it('writes no e-mail and no full address anywhere', async () => {
    const { records } = await open({ trustProxy: 1 });
    const canary = 'canary.person@mail.example';
    const spoilt = anEvent(1, {
      page: { url: `https://shop.example/a?utm_source=${encodeURIComponent(canary)}&m=${canary}`, title: canary },
    });
    const broken = anEvent(2, { type: 'search', props: { text: canary } });
    await results(
      await post(aBatch([spoilt, broken], { sdk: canary }), {
        'x-forwarded-for': '203.0.113.77',
        'user-agent': canary,
      }),
    );
    const written = JSON.stringify(await records());
    expect(written).not.toContain('canary');
    expect(written).not.toContain('203.0.113.77');
    expect(written).toContain('203.0.113.0/24');
  });

  it('slows down one address with 429 and Retry-After, and leaves others alone', async () => {
    await open({ trustProxy: 1, rateLimits: { perAddress: 2 } });
    const from = (address: string) => post(aBatch([]), { 'x-forwarded-for': address });
    const answers = await Promise.all(Array.from({ length: 6 }, () => from('203.0.113.1')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await from('203.0.113.2')).status).toBe(200);
  });

  it('answers 503 with Retry-After while the disk refuses, promises nothing, and recovers by itself', async () => {
    let isFull = true;
    const files: LogFiles = {
      ...diskFiles,
      create: async (path) => {
        if (isFull) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return diskFiles.create(path);
      },
    };
    const { request, records } = await open({ logOptions: { files } });
    const response = await post(aBatch([anEvent(1)]));
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await refusal(response)).toEqual({ status: 503, code: 'store_unavailable' });
    expect((await request('/readyz')).status).toBe(503);
    expect(await records()).toEqual([]);
    isFull = false;
    expect(await results(await post(aBatch([anEvent(1)])))).toMatchObject([{ status: 'accepted' }]);
    expect((await request('/readyz')).status).toBe(200);
  });

  it('answers 503 when more waits than may', async () => {
    await open({ logOptions: { maxPendingBytes: 1 } });
    const answers = await Promise.all([1, 2, 3].map((n) => post(aBatch([anEvent(n)]))));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(await refusal(refused[0] as Response)).toEqual({ status: 503, code: 'overloaded' });
  });

  it('takes the good one of two events that share an id, after the bad one and in either case', async () => {
    const { request } = await open();
    const bad = anEvent(1, { page: { url: 'javascript://shop.example/%0a1' } });
    const good = anEvent(1);
    const upper = { ...good, event_id: good.event_id.toUpperCase() };
    const batch = aBatch([bad, good, upper]);
    const judged = await request('/v1/validate', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    const statuses = ['failed', 'accepted', 'duplicate'].map((status) => ({ status }));
    expect(await results(judged)).toMatchObject(statuses);
    expect(await results(await post(batch))).toMatchObject(statuses);
    expect(await results(await post(batch))).toMatchObject([{ status: 'duplicate' }, { status: 'duplicate' }, {}]);
  });

  it('validates without storing', async () => {
    const { request, records } = await open();
    const response = await request('/v1/validate', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(aBatch([anEvent(1), anEvent(2, { type: 'Bad Name' })])),
    });
    expect(await results(response)).toMatchObject([{ status: 'accepted' }, { status: 'failed', path: 'type' }]);
    expect(await records()).toEqual([]);
  });

  it('adds up: received = accepted + duplicate + filtered + failed + retry, for any batch', async () => {
    const { request, records } = await open();
    const anything = fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => anEvent(n)) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => anEvent(n, { stamp: 1 })) },
      {
        weight: 1,
        arbitrary: fc.record({ event_id: fc.string(), type: fc.string(), stamp: fc.constantFrom(0, 1, 9) }),
      },
      { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 10 }) },
    );
    const expected = { accepted: 0, duplicate: 0, filtered: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 30 }), async (events) => {
        const stamps = [...aBatch([]).stamps, { purposes: [], source: 'manual', at: '2026-11-22T09:59:00.000Z' }];
        const answered = await results(await post(aBatch(events, { stamps })));
        expect(answered).toHaveLength(events.length);
        for (const { status } of answered) expected[status as keyof typeof expected] += 1;
      }),
      { numRuns: 60 },
    );
    const metrics = await (await request('/metrics')).text();
    const sum = (name: string, status?: string): number =>
      metrics
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) && (!status || line.includes(`status="${status}"`)))
        .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
    for (const [status, count] of Object.entries(expected)) expect(sum('parcours_items_total', status)).toBe(count);
    expect(sum('parcours_items_received_total')).toBe(sum('parcours_items_total'));
    const stored = await records();
    expect(stored.flatMap(({ events }) => events)).toHaveLength(expected.accepted);
    expect(stored.flatMap(({ failed = [] }) => failed)).toHaveLength(expected.failed);
    expect(stored.flatMap(({ filtered = [] }) => filtered).reduce((total, { count }) => total + count, 0)).toBe(
      expected.filtered,
    );
  });
});
