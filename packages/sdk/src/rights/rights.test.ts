import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPage, pass } from '../testing/page.ts';
import type { Tracker } from '../tracker_types.ts';
import { createRights, type Rights } from './rights.ts';

const ALL = { audience: true, ads_measurement: true, crm_join: true };
const RECEIPT = 'iLaSX6Re2kS_kT78URYvbQ';
const HELD = { format: 'parcours.subject/1', events: [{ type: 'page_view' }] };

let page: ReturnType<typeof createPage>;
let tracker: Tracker;
let rights: Rights;
let asked: { readonly url: string; readonly init: RequestInit; readonly body: Record<string, unknown> }[];
let answer: () => Promise<Response>;

const overrides = () => ({
  fetch: (async (url: unknown, init: RequestInit = {}) => {
    if (!String(url).endsWith('-mine')) return page.collector.fetch(url, init);
    asked.push({ url: String(url), init, body: JSON.parse(init.body as string) });
    return answer();
  }) as typeof globalThis.fetch,
});
const open = (): Tracker => page.open({ observers: [rights] }, overrides());
const refusal = (code: string, status: number, headers = {}) =>
  Response.json({ error: { code, message: 'why it is so' } }, { status, headers });
/** A grant of which the collector has heard, so that there is a receipt. */
const grant = async (): Promise<void> => {
  page.collector.set(({ stamps }) => ({ receipts: stamps.map(() => RECEIPT) }));
  tracker.consent(ALL);
  tracker.track('search', { search_term: 'tent' });
  await pass(1_000);
  page.collector.set('up');
};

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  page = createPage();
  asked = [];
  answer = async () => Response.json(HELD);
  rights = createRights({ site: page.site, key: 'pk' }, page.scope());
  tracker = open();
});
afterEach(async () => {
  rights.object(false);
  tracker.consent({});
  tracker.stop();
  await pass(1);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('tells the status and the id, and neither asks nor stores anything by itself', async () => {
  const read = vi.spyOn(Storage.prototype, 'getItem');
  expect([rights.status(), rights.subjectId()]).toEqual(['pending', undefined]);
  expect(read).not.toHaveBeenCalled();
  tracker.consent(ALL);
  expect([rights.status(), rights.subjectId()]).toEqual(['granted', tracker.visitorId()]);
  tracker.consent({ audience: false });
  await pass(60_000);
  expect([rights.status(), rights.subjectId(), asked]).toEqual(['denied', undefined, []]);
});

describe('a withdrawal', () => {
  it.each([[undefined], [['audience'] as const]])('of %s ends everything, as the tracker’s own', async (purposes) => {
    await grant();
    const visitor_id = tracker.visitorId();
    expect(rights.withdraw(purposes)).toBe('denied');
    await pass(1_000);
    expect(page.collector.withdrawals).toMatchObject([{ visitor_id, withdrawn: { at: expect.any(String) } }]);
    expect(page.collector.withdrawals[0]?.withdrawn).not.toHaveProperty('purposes');
    expect([localStorage.getItem(page.idKey), page.disks.items(page.name)]).toEqual([null, []]);
  });

  it('of one purpose leaves the others, and the visitor', async () => {
    await grant();
    const visitor = tracker.visitorId();
    expect(rights.withdraw(['crm_join'])).toBe('granted');
    tracker.track('search', { search_term: 'boots' });
    await pass(1_000);
    expect(page.collector.withdrawals).toMatchObject([{ withdrawn: { purposes: ['crm_join'] } }]);
    expect(page.collector.seen.at(-1)?.stamps).toMatchObject([{ purposes: ['audience', 'ads_measurement'] }]);
    expect(tracker.visitorId()).toBe(visitor);
  });

  it('of one purpose takes nothing of what Global Privacy Control holds back: that was granted all the same', async () => {
    tracker.stop();
    const navigator = { globalPrivacyControl: true };
    tracker = page.open({ observers: [rights] }, { ...overrides(), navigator: navigator as never });
    await grant();
    expect(page.collector.seen.at(-1)?.stamps).toMatchObject([{ purposes: ['audience', 'crm_join'] }]);
    rights.withdraw(['crm_join']);
    await pass(1_000);
    expect(page.collector.withdrawals.map(({ withdrawn }) => withdrawn?.purposes)).toEqual([['crm_join']]);
  });

  it('of one purpose grants nothing where nothing was granted', () => {
    expect(rights.withdraw(['crm_join'])).toBe('pending');
    tracker.consent({ audience: false });
    expect(rights.withdraw(['crm_join'])).toBe('denied');
  });
});

describe('an objection', () => {
  const mark = () => localStorage.getItem(`pc_objection_${page.site}`);

  it('is written down here and told, and touches no consent', async () => {
    await grant();
    rights.object();
    await pass(1);
    expect(Number(mark())).toBe(Date.now() - 1 + 395 * 86_400_000);
    expect(page.collector.seen.at(-1)).toMatchObject({ site: page.site, key: 'pk', objection: true, events: [] });
    expect(rights.status()).toBe('granted');
    rights.object(false);
    await pass(1);
    expect(mark()).toBeNull();
    expect(page.collector.seen.at(-1)).toMatchObject({ objection: false });
  });

  it('is the affair of what measures without consent, where something does', () => {
    const object = vi.fn();
    const beside = createRights({ site: page.site, key: 'pk', exempt: { object } }, page.scope());
    beside.object();
    expect([object.mock.calls, mark()]).toEqual([[[true]], null]);
  });
});

describe('what is held', () => {
  it('is asked for with the receipt of the choice, and with the cookie', async () => {
    await grant();
    expect(await rights.exportMine()).toEqual(HELD);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toMatch(/^https:\/\/collect\.example\/\d+\/v1\/export-mine$/);
    expect(asked[0]?.init).toMatchObject({ method: 'POST', credentials: 'include', referrerPolicy: 'strict-origin' });
    // So that an erasure reaches the collector though the visitor leaves.
    expect(asked[0]?.init.keepalive).toBe(true);
    expect(asked[0]?.init.headers).toBeUndefined();
    expect(asked[0]?.body).toEqual({
      ...{ site: page.site, key: 'pk', visitor_id: tracker.visitorId() },
      stamp: expect.objectContaining({ purposes: ['audience', 'ads_measurement', 'crm_join'], receipt: RECEIPT }),
    });
    expect(tracker.consent()).toBe('granted');
  });

  it('is asked for without an id before a grant: the cookie may still tell', async () => {
    answer = async () => refusal('not_proven', 401);
    await expect(rights.exportMine()).rejects.toMatchObject({ code: 'not_proven', retryAfterMs: undefined });
    expect(asked[0]?.body).toEqual({ site: page.site, key: 'pk' });
    expect(localStorage).toHaveLength(0);
  });

  it.each([
    [
      'says when to come again',
      () => refusal('tables_unavailable', 503, { 'retry-after': '30' }),
      'tables_unavailable',
      30_000,
    ],
    ['says that another try changes nothing', () => refusal('not_found', 404), 'not_found', undefined],
    ['is no page of somebody else’s', () => new Response('<title>Sign in</title>'), 'unreachable', 5_000],
    ['is no JSON of somebody else’s', () => Response.json(null, { status: 502 }), 'status_502', undefined],
  ])('or the reason why not: %s', async (_, given, code, retryAfterMs) => {
    await grant();
    answer = async () => given();
    const error = await rights.exportMine().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code, retryAfterMs });
    expect(error.message).toMatch(new RegExp(`^\\[parcours\\] ${code}: .`));
  });

  it('or that the collector cannot be reached', async () => {
    answer = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(rights.exportMine()).rejects.toMatchObject({ code: 'unreachable', retryAfterMs: 5_000 });
  });

  it.each<[string, (signal: AbortSignal) => Promise<Response>]>([
    [
      'no answer',
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ],
    [
      'half of one',
      async (signal) =>
        new Response(
          new ReadableStream({
            start(body) {
              body.enqueue(new TextEncoder().encode('{"format":'));
              signal.addEventListener('abort', () => body.error(signal.reason));
            },
          }),
        ),
    ],
  ])('or that there was %s for two minutes', async (_, given) => {
    await grant();
    answer = () => given(asked.at(-1)?.init.signal as AbortSignal);
    for (const ask of [rights.exportMine, rights.eraseMine]) {
      let error: unknown;
      void ask().catch((thrown) => (error = thrown));
      await pass(119_000);
      expect(error).toBeUndefined();
      await pass(1_000);
      expect(error).toMatchObject({ code: 'timeout', retryAfterMs: 60_000 });
      expect((error as Error).message).toBe('[parcours] timeout: no whole answer within two minutes');
      expect(rights.status()).toBe('granted');
    }
  });

  it('and its timer ends with the answer', async () => {
    await grant();
    const timers = vi.getTimerCount();
    await rights.exportMine();
    expect(vi.getTimerCount()).toBe(timers);
  });

  it('or that there is no tracker yet', async () => {
    const early = createRights({ site: 'shop', key: 'pk' }, page.scope());
    for (const ask of [early.exportMine, early.eraseMine])
      await expect(ask()).rejects.toMatchObject({ code: 'no_tracker' });
    expect([early.status(), early.withdraw(), early.subjectId()]).toEqual(['pending', 'pending', undefined]);
  });
});

describe('an erasure', () => {
  it('is the collector’s first, then this device’s: ids, queue, storage, and what is held', async () => {
    await grant();
    const visitor_id = tracker.visitorId();
    page.collector.set('down');
    tracker.track('search', { search_term: 'waiting' });
    await pass(1_000);
    const sent = page.collector.seen.length;
    let release = (_: Response): void => {};
    answer = () => new Promise((resolve) => (release = resolve));
    const done = rights.eraseMine();
    await pass(1);
    expect([rights.status(), asked[0]?.body.visitor_id]).toEqual(['granted', visitor_id]);
    page.collector.set('up');
    release(Response.json({ log_gone_by: '2026-11-30' }));
    expect(await done).toEqual({ logGoneBy: '2026-11-30' });
    expect([rights.status(), rights.subjectId()]).toEqual(['denied', undefined]);
    tracker.track('search', { search_term: 'after' });
    await pass(600_000);
    expect(page.collector.withdrawals).toMatchObject([{ visitor_id }]);
    expect(page.collector.seen).toHaveLength(sent);
    expect([localStorage.getItem(page.idKey), page.disks.items(page.name)]).toEqual([null, []]);
    expect(page.indexedDB.deleteDatabase).toHaveBeenCalledWith(page.name);
  });

  it.each([null, {}, HELD])('is not believed of an answer of somebody else: %j', async (body) => {
    await grant();
    answer = async () => Response.json(body);
    await expect(rights.eraseMine()).rejects.toMatchObject({ code: 'unreachable' });
    expect(rights.status()).toBe('granted');
  });

  it('that was refused leaves the device as it was', async () => {
    await grant();
    const before = localStorage.getItem(page.idKey);
    answer = async () => refusal('store_unavailable', 503, { 'retry-after': '5' });
    await expect(rights.eraseMine()).rejects.toMatchObject({ code: 'store_unavailable', retryAfterMs: 5_000 });
    expect([rights.status(), localStorage.getItem(page.idKey)]).toEqual(['granted', before]);
    expect(page.collector.withdrawals).toEqual([]);
  });
});

it.each([{ site: '', key: 'pk' }, { site: 'shop' }])('needs its options: %j', (options) => {
  expect(() => createRights(options as never)).toThrow(/\[parcours\] option "(site|key)" must be a text/);
});
