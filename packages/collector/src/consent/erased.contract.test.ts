import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { erasedHash, type SubjectId } from '@parcours/store/control';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aBatch, anEvent, aStamp, send, VISITOR } from '../testing/consent_batch.ts';
import { type OpenedCollector, openCollector, type Way } from '../testing/open_collector.ts';

const ALL = aStamp(['audience', 'ads_measurement', 'crm_join']);
const OTHER = '019aa1c0-bbbb-7000-8000-000000000002';
const KEY = new Uint8Array(32).fill(4);
const gone = { status: 'filtered', code: 'subject_erased' };
const accepted = { status: 'accepted' };
const YEAR_MS = 365 * 86_400_000;

describe.each<Way>(['hono', 'node'])('a person who was erased, through %s', (way) => {
  let opened: OpenedCollector;
  const erased = new Set<string>();
  const erase = (...ids: SubjectId[]): void => {
    for (const id of ids) erased.add(erasedHash(KEY, id));
  };
  beforeEach(async () => {
    erased.clear();
    opened = await openCollector(way, {
      now: () => RECEIVED_AT,
      consent: { receiptKey: KEY, isErased: (_, hash) => erased.has(hash), hasErased: () => erased.size > 0 },
    });
  });
  afterEach(() => opened.close());

  const stored = async () => (await opened.records()).flatMap(({ events }) => events);
  const kept = async () => (await opened.records()).flatMap(({ events, failed = [] }) => [...events, ...failed]);
  const cookieFor = async (batch: object): Promise<string> =>
    (await send(opened, batch)).cookies[0]?.split(';', 1)[0] as string;

  it.each([
    ['late', -3 * 86_400_000],
    ['now', 0],
    ['dated a year ahead', YEAR_MS],
  ])('is refused whatever time the event tells: %s', async (_, ms) => {
    const time = (offset: number): string => new Date(RECEIVED_AT + ms + offset).toISOString();
    const late = () =>
      send(
        opened,
        aBatch([aStamp(['audience'], { at: time(-60_000) })], [anEvent({ occurred_at: time(0) })], {
          sent_at: time(Math.max(0, -ms)),
        }),
      );
    expect((await late()).results).toMatchObject([accepted]);
    const before = await stored();
    erase({ kind: 'visitor', value: VISITOR });
    const { results, receipts } = await late();
    expect([results, receipts]).toMatchObject([[gone], undefined]);
    expect(await stored()).toEqual(before);
  });

  it('goes on under a new id, which the answer tells in the words of any other change', async () => {
    const cookie = await cookieFor(aBatch([ALL], [anEvent()]));
    erase({ kind: 'visitor', value: VISITOR });
    const told = await send(opened, aBatch([ALL], [anEvent()]), { cookie });
    expect(told.visitor_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(told.visitor_id).not.toBe(VISITOR);
    expect(told.cookies).toEqual([expect.stringContaining(told.visitor_id as string)]);
    const next = told.cookies[0]?.split(';', 1)[0] as string;
    const visitor_id = told.visitor_id as string;
    // What the queue still holds of before names the old id, and goes; the rest is somebody new.
    const anew = await send(opened, aBatch([ALL], [anEvent(), anEvent({ visitor_id })], { visitor_id }), {
      cookie: next,
    });
    expect(anew.results).toMatchObject([gone, accepted]);
    expect((await stored()).at(-1)).toMatchObject({ visitor_id });
  });

  it('does not come back by the cookie, which is replaced', async () => {
    const cookie = await cookieFor(aBatch([ALL], [anEvent()]));
    erase({ kind: 'visitor', value: VISITOR });
    const { results, cookies } = await send(
      opened,
      aBatch([ALL], [anEvent({ visitor_id: OTHER })], { visitor_id: OTHER }),
      { cookie },
    );
    expect(results).toMatchObject([accepted]);
    expect(cookies).toEqual([expect.stringContaining(OTHER)]);
    expect((await stored()).at(-1)).toMatchObject({ visitor_id: OTHER });
  });

  it('gets no id anew with everything taken back, nor without a grant', async () => {
    erase({ kind: 'visitor', value: VISITOR });
    const at = new Date(RECEIVED_AT - 30_000).toISOString();
    for (const batch of [aBatch([ALL], [anEvent()], { withdrawn: { at } }), aBatch([aStamp([])], [anEvent()])]) {
      const { visitor_id, cookies } = await send(opened, batch);
      expect(visitor_id).toBeUndefined();
      expect(cookies.filter((each) => !each.includes('Max-Age=0'))).toEqual([]);
    }
  });

  it.each<[string, SubjectId, object]>([
    ['a customer', { kind: 'customer_id', value: 'C-7' }, { keys: { customer_id: 'C-7' } }],
    ['a card', { kind: 'loyalty_card', value: 'L-7' }, { keys: { loyalty_card: 'L-7' } }],
    ['an e-mail', { kind: 'email', value: 'e'.repeat(43) }, { keys: { email_hmac: 'e'.repeat(43) } }],
  ])('%s is refused from a browser that nobody had heard of', async (_, id, more) => {
    erase(id);
    const { results } = await send(opened, aBatch([ALL], [anEvent(more), anEvent()]));
    expect(results).toMatchObject([gone, accepted]);
    expect(await stored()).toHaveLength(1);
  });

  it('an order is refused where nobody is named, and taken where somebody else is', async () => {
    erase({ kind: 'order_id', value: 'W-1' });
    const purchase = { keys: { order_id: 'W-1' } };
    const { visitor_id: _, ...nameless } = anEvent(purchase);
    const { visitor_id: __, ...batch } = aBatch([ALL], [nameless]);
    expect((await send(opened, batch)).results).toMatchObject([gone]);
    expect((await send(opened, aBatch([ALL], [anEvent(purchase)]))).results).toMatchObject([accepted]);
  });

  it('is in no failed item either', async () => {
    erase({ kind: 'customer_id', value: 'C-7' });
    const broken = anEvent({ keys: { customer_id: 'C-7' }, occurred_at: 'never' });
    expect((await send(opened, aBatch([ALL], [broken]))).results).toMatchObject([gone]);
    expect(await kept()).toEqual([]);
  });

  it('gets no token for links', async () => {
    const cookie = await cookieFor(aBatch([ALL], [anEvent()]));
    const ask = () =>
      opened.request('/v1/link', {
        method: 'POST',
        headers: { 'content-type': 'text/plain', origin: 'https://shop.example', cookie },
        body: JSON.stringify({ visitor_id: VISITOR }),
      });
    expect((await ask()).status).toBe(200);
    erase({ kind: 'visitor', value: VISITOR });
    expect((await ask()).status).toBe(204);
  });
});
