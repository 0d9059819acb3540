import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { createMemoryReceipts } from '@parcours/store/receipts';
import { afterEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, aStamp, receiptOf, send } from '../testing/consent_batch.ts';
import { type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';
import { aPolicy } from '../testing/policy.ts';

const DAY_MS = 86_400_000;
const ago = (ms: number): string => new Date(RECEIVED_AT - ms).toISOString();

describe.each<Way>(['hono', 'node'])('what nothing proves is not collected, through %s', (way) => {
  let opened: OpenedCollector;
  const open = async (options: Parameters<typeof openCollector>[1] = {}): Promise<OpenedCollector> => {
    opened = await openCollector(way, { now: () => RECEIVED_AT, ...options });
    return opened;
  };
  afterEach(() => opened?.close());

  it.each([
    ['no stamp', [], 'consent_missing'],
    ['an empty one', [null], 'consent_missing'],
    ['a text', ['granted'], 'consent_malformed'],
    ['purposes of another form', [aStamp(['audience'], { purposes: 'audience' as never })], 'consent_malformed'],
    ['no purpose', [aStamp([])], 'consent_denied'],
    ['a purpose that nobody knows', [aStamp(['everything'])], 'consent_denied'],
    ['all purposes but the one that everything needs', [aStamp(['ads_measurement', 'crm_join'])], 'consent_denied'],
    ['a receipt that nobody gave', [aStamp(['audience'], { receipt: 'A'.repeat(22) })], 'consent_forged'],
    ['a policy that nobody published', [aStamp(['audience'], { policy: 'A'.repeat(22) })], 'policy_unknown'],
    ['a choice of 183 days ago', [aStamp(['audience'], { at: ago(183 * DAY_MS) })], 'consent_expired'],
    ['a choice of tomorrow', [aStamp(['audience'], { at: ago(-DAY_MS) })], 'consent_malformed'],
    [
      'a consent string over its limit',
      [aStamp(['audience'], { consent_string: 'C'.repeat(8_193) })],
      'consent_malformed',
    ],
    ['a source without end', [aStamp(['audience'], { source: 's'.repeat(201) })], 'consent_malformed'],
    ['purposes without end', [aStamp(Array.from({ length: 33 }, () => 'audience'))], 'consent_malformed'],
  ])('%s', async (_, stamps, code) => {
    const receipts = createMemoryReceipts();
    await open({ consent: { receipts } });
    const reply = await send(opened, aBatch(stamps, [anEvent(), anEvent()]));
    expect(reply.status).toBe(200);
    expect(reply.results.map((result) => [result.status, result.code])).toEqual([
      ['filtered', code],
      ['filtered', code],
    ]);
    expect(reply.cookies).toEqual([]);
    const [record] = await opened.records();
    expect(record).toMatchObject({ events: [], filtered: [{ type: 'page_view', code, count: 2 }] });
    // Nobody gave leave to say on what device it was.
    expect(record?.client).toEqual({ bot: expect.any(Boolean) });
    expect(receipts.records()).toEqual([]);
    const metrics = await (await opened.request('/metrics')).text();
    expect(metrics).toContain(`parcours_items_total{site="shop",status="filtered",code="${code}"} 2`);
    expect(metrics).toContain(`parcours_consent_decisions_total{decision="${code}"} 2`);
  });

  it('an event that points at no stamp has none of those that came along', async () => {
    await open();
    const events = [undefined, 1, -1, 0.5, '0', null].map((stamp) => ({ ...anEvent(), stamp }));
    const { results } = await send(opened, aBatch([aStamp(['audience'])], [...events, anEvent()]));
    const missing = { status: 'filtered', code: 'consent_missing' };
    expect(results).toMatchObject([...events.map(() => missing), { status: 'accepted' }]);
    expect((await opened.records()).flatMap(({ events }) => events)).toHaveLength(1);
  });

  it('a clock that is set back makes no old choice young: both are dated by it', async () => {
    await open();
    const stamp = aStamp(['audience'], { at: ago(0) });
    const sent_at = ago(-200 * DAY_MS);
    const { results } = await send(opened, aBatch([stamp], [anEvent()], { sent_at }));
    expect(results).toMatchObject([{ code: 'consent_expired' }]);
    const future = await send(opened, aBatch([stamp], [anEvent()], { sent_at: ago(200 * DAY_MS) }));
    expect(future.results).toMatchObject([{ code: 'consent_malformed' }]);
  });

  it('a policy that lets a choice stand for less ends it sooner, and one that is published now counts now', async () => {
    await open();
    const stamp = aStamp(['audience'], { at: ago(31 * DAY_MS) });
    const receipt = await receiptOf(opened, stamp);
    const proven = { ...stamp, receipt };
    expect((await send(opened, aBatch([proven], [anEvent()]))).results).toMatchObject([{ status: 'accepted' }]);
    opened.collector.setPolicies([aPolicy({ choice_days: 30 })]);
    expect((await send(opened, aBatch([proven], [anEvent()]))).results).toMatchObject([{ code: 'consent_expired' }]);
  });

  it('a purpose that the policy names no more is not granted, and an event that it does not list not taken', async () => {
    const fields = { title: ['ads_measurement' as const] };
    await open({
      policies: [
        aPolicy({ purposes: { audience: { basis: 'consent' } }, events: { page_view: ['audience'] }, fields }),
      ],
    });
    const page = { url: 'https://shop.example/boots', title: 'Boots' };
    const events = [anEvent({ page }), anEvent({ type: 'size_chosen' })];
    const { results } = await send(opened, aBatch([aStamp(['audience', 'ads_measurement'])], events));
    expect(results).toMatchObject([{ status: 'accepted' }, { status: 'filtered', code: 'event_not_allowed' }]);
    const [record] = await opened.records();
    expect(record?.stamps[0]?.purposes).toEqual(['audience']);
    expect(record?.events[0]).not.toHaveProperty('title');
  });
});

describe('Global Privacy Control', () => {
  let opened: OpenedCollector;
  afterEach(() => opened?.close());
  const page = { url: 'https://shop.example/boots?utm_source=news&utm_medium=email&gclid=1' };
  const ADS = ['utm_source', 'utm_medium'] as const;

  it.each([
    ['1', false],
    ['0', true],
    ['true', true],
    [undefined, true],
  ])('%s of a request whose grant says more', async (header, isKept) => {
    opened = await openCollector('node', { now: () => RECEIVED_AT });
    const stamp = aStamp(['audience', 'ads_measurement', 'ads_share', 'crm_join']);
    const event = anEvent({ page, keys: { customer_id: 'C-7' }, props: { click_id: 'gclid' } });
    const headers = header === undefined ? {} : { 'sec-gpc': header };
    expect((await send(opened, aBatch([stamp], [event]), headers)).results).toMatchObject([{ status: 'accepted' }]);
    const [record] = await opened.records();
    const [stored] = record?.events ?? [];
    for (const column of ADS) expect([column, column in (stored ?? {})]).toEqual([column, isKept]);
    expect('click_id' in (stored?.props ?? {})).toBe(isKept);
    expect(stored?.channel).toBe(isKept ? 'Email' : 'Direct');
    expect(stored?.keys).toEqual({ customer_id: 'C-7' });
    expect(record?.stamps[0]?.purposes.includes('ads_measurement')).toBe(isKept);
  });
});

describe('identification', () => {
  let opened: OpenedCollector;
  afterEach(() => opened?.close());
  const keys = { customer_id: 'C-7', email_hmac: 'e'.repeat(43), order_id: 'W-1' };

  it.each([
    [['audience'], 'consent_denied', { order_id: 'W-1' }],
    [['audience', 'ads_share'], 'consent_denied', { email_hmac: keys.email_hmac, order_id: 'W-1' }],
    [['audience', 'crm_join'], undefined, keys],
  ] as const)('under %j', async (purposes, code, kept) => {
    opened = await openCollector('hono', { now: () => RECEIVED_AT });
    const identify = anEvent({ type: 'identify', keys });
    const { results } = await send(opened, aBatch([aStamp(purposes)], [identify, anEvent({ keys })]));
    expect(results).toMatchObject([
      code ? { status: 'filtered', code } : { status: 'accepted' },
      { status: 'accepted' },
    ]);
    const stored = (await opened.records()).flatMap(({ events }) => events);
    expect(stored.at(-1)).toMatchObject({ type: 'page_view', keys: kept });
    expect(Object.keys(stored.at(-1)?.keys ?? {})).toEqual(Object.keys(kept));
    expect(stored.filter(({ type }) => type === 'identify')).toHaveLength(code ? 0 : 1);
  });
});

describe('the visitor cookie', () => {
  let opened: OpenedCollector;
  afterEach(() => opened?.close());

  /** 50 visits in 14 months by a browser that keeps its cookies and forgets what scripts wrote. */
  const visits = async (policies: Parameters<typeof openCollector>[1]) => {
    let now = RECEIVED_AT;
    opened = await openCollector('node', { now: () => now, ...policies });
    const expiries: { id: string; expiresAt: number }[] = [];
    const ids = new Set<string>();
    let cookie: { text: string; expiresAt: number } | undefined;
    for (let visit = 0; visit < 50; visit++) {
      now = RECEIVED_AT + Math.round((visit * 426 * DAY_MS) / 49);
      if (cookie && cookie.expiresAt <= now) cookie = undefined;
      const visitor_id = uuidV7(now, visit);
      const time = { at: new Date(now).toISOString() };
      const event = anEvent({ visitor_id, occurred_at: time.at });
      const batch = aBatch([aStamp(['audience'], time)], [event], { sent_at: time.at, visitor_id });
      const reply = await send(opened, batch, cookie ? { cookie: cookie.text } : {});
      expect(reply.results).toMatchObject([{ status: 'accepted' }]);
      const id = reply.visitor_id ?? visitor_id;
      ids.add(id);
      for (const each of reply.cookies) {
        const expiresAt = now + Number(/Max-Age=(\d+)/.exec(each)?.[1]) * 1000;
        cookie = { text: each.split(';')[0] as string, expiresAt };
        expiries.push({ id, expiresAt });
      }
    }
    return { expiries, ids };
  };
  const uuidV7 = (ms: number, n: number): string => {
    const time = ms.toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`;
  };

  it('ends once in 14 months, 395 days after its first issue, and then there is a new visitor', async () => {
    const { expiries, ids } = await visits({});
    expect(ids.size).toBe(2);
    expect(expiries.map(({ id }) => id)).toEqual([...ids]);
    expect(Math.abs((expiries[0]?.expiresAt ?? 0) - RECEIVED_AT - 395 * DAY_MS)).toBeLessThan(1_000);
  });

  it('ends sooner where the policy says so, and never later', async () => {
    const shorter = await visits({ policies: [aPolicy({ cookie_days: 180 })] });
    expect(shorter.ids.size).toBe(3);
    expect(Math.abs((shorter.expiries[0]?.expiresAt ?? 0) - RECEIVED_AT - 180 * DAY_MS)).toBeLessThan(1_000);
    await opened.close();
    const longer = await visits({ policies: [aPolicy({ cookie_days: 3_650 })] });
    expect(longer.ids.size).toBe(2);
  });
});
