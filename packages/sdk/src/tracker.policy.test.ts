import type { BrowserPolicy } from '@parcours/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { POLICY } from './testing/collector.ts';
import { pass } from './testing/page.ts';
import { slowPolicy } from './testing/tabs.ts';
import { openTracker, page, tracker, types, visitInEachTest } from './testing/visit.ts';
import type { Tracker } from './tracker_types.ts';

const ALL = { audience: true, ads_measurement: true, crm_join: true };
const NEWER: BrowserPolicy = { ...POLICY, hash: 'newer-hash-22-letters-' };
const UNREAD = '[parcours] the policy cannot be read: nothing is granted';

let error: ReturnType<typeof vi.spyOn>;

const kept = () => localStorage.getItem(page.idKey);
const hashes = () => page.collector.accepted.flatMap(({ stamps }) => stamps.map(({ policy }) => policy));
/** A page that asks the collector for its policy. */
const open = (...[options, overrides]: Parameters<typeof page.open>): Tracker =>
  openTracker({ policy: undefined, ...options }, overrides);
/** Goes on to another page. */
const next = async (...args: Parameters<typeof page.open>): Promise<Tracker> => {
  tracker.stop();
  await pass(1);
  return open(...args);
};

visitInEachTest({ opens: false });
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  error = vi.spyOn(console, 'error').mockImplementation(() => {});
});

describe('the policy', () => {
  it.each([
    ['https://collect.example/v1/events', 'shop', 'https://collect.example/v1/policy/shop'],
    ['https://shop.example/shop/in', 'shop', 'https://shop.example/shop/policy/shop'],
    ['https://collect.example/v1/events', 'shop/fr?x', 'https://collect.example/v1/policy/shop%2Ffr%3Fx'],
  ])('of %s, site %s, is asked for once at %s, by nobody in particular', async (endpoint, site, address) => {
    open({ endpoint, site });
    tracker.consent(ALL);
    await pass(600_000);
    expect(page.collector.asked).toEqual([
      [address, { credentials: 'omit', referrerPolicy: 'no-referrer', signal: expect.any(AbortSignal) }],
    ]);
  });

  it('is waited for with everything held, nothing stored and nothing sent; then there is one grant', async () => {
    const { come, fetch } = slowPolicy(page.collector.fetch);
    open({}, { fetch });
    tracker.track('a');
    expect(tracker.consent(ALL)).toBe('pending');
    tracker.track('b');
    await pass(9_000);
    expect(page.collector.seen).toEqual([]);
    expect(kept()).toBeNull();
    expect(page.disks.opened).toEqual([]);
    come();
    await pass(1_000);
    expect(types()).toEqual(['a', 'b']);
    expect(hashes()).toEqual([POLICY.hash]);
    // What was chosen before it came was not chosen when it came.
    expect(page.collector.accepted[0]?.stamps[0]?.at).toBe('2026-11-22T10:00:00.000Z');
  });

  it('is not waited for by a refusal', () => {
    open();
    tracker.track('a');
    expect(tracker.consent({ audience: false })).toBe('denied');
  });

  it('that comes late finds a refusal that was told meanwhile', async () => {
    const { come, fetch } = slowPolicy(page.collector.fetch);
    open({}, { fetch });
    tracker.track('a');
    tracker.consent(ALL);
    tracker.consent({ audience: false });
    come();
    await pass(600_000);
    expect(tracker.consent()).toBe('denied');
    expect(page.collector.seen).toEqual([]);
    expect(kept()).toBeNull();
  });

  it.each([
    ['the network is down', () => page.collector.set('down'), 0],
    ['the collector does not know the site', () => page.collector.publish(undefined), 1],
    ['something else answers', () => page.collector.publish({ title: 'Sign in' } as never), 1],
    ['it lacks a part', () => page.collector.publish({ ...POLICY, purposes: undefined as never }), 1],
  ])('is asked for again, later and later, where %s', async (_why, happen, errors) => {
    happen();
    open();
    tracker.consent(ALL);
    tracker.track('a');
    const tries: number[] = [0];
    for (let ms = 0; ms < 130_000; ms += 500) {
      await pass(500);
      if (page.collector.asked.length > tries.length) tries.push(ms);
    }
    const gaps = tries.slice(1).map((ms, index) => Math.round((ms - tries[index]!) / 1_000));
    expect(gaps).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    expect(error.mock.calls).toEqual(Array(errors).fill([UNREAD]));
    expect(tracker.consent()).toBe('pending');
    expect(page.collector.seen).toEqual([]);
    expect(kept()).toBeNull();
    page.collector.set('up');
    page.collector.publish(POLICY);
    window.dispatchEvent(new Event('online'));
    await pass(1_000);
    expect(types()).toEqual(['a']);
    const { length } = page.collector.asked;
    await pass(600_000);
    expect(page.collector.asked).toHaveLength(length);
  });

  it('that is a page of somebody else is one error on the console, and no grant', async () => {
    open({}, { fetch: (async () => new Response('<title>404</title>', { status: 404 })) as typeof fetch });
    tracker.consent(ALL);
    await pass(600_000);
    expect(error.mock.calls).toEqual([[UNREAD]]);
    expect(tracker.consent()).toBe('pending');
  });

  it('is asked for again after ten seconds without an answer', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), ms);
      return controller.signal;
    });
    let asked = 0;
    const hanging = (_url: unknown, init?: RequestInit) => {
      asked++;
      return new Promise<Response>((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error())));
    };
    open({}, { fetch: hanging as typeof fetch });
    await pass(10_500);
    expect(asked).toBe(1);
    await pass(1_000);
    expect(asked).toBe(2);
    expect(timeout).toHaveBeenCalledWith(10_000);
  });

  it('that is given is not asked for, and one that cannot be read grants nothing', async () => {
    open({ policy: POLICY });
    tracker.consent(ALL);
    await pass(60_000);
    expect(tracker.consent()).toBe('granted');
    expect(page.collector.asked).toEqual([]);
    expect(() => page.open({ policy: {} as never })).toThrow('[parcours] option "policy" must be a policy');
  });

  it('grants nothing that it does not name', async () => {
    open({ policy: { ...POLICY, purposes: ['audience'] } });
    tracker.consent(ALL);
    tracker.identify('C-1');
    tracker.track('a');
    await pass(1_000);
    expect(page.collector.accepted[0]?.stamps[0]?.purposes).toEqual(['audience']);
    expect(JSON.stringify(page.collector.seen)).not.toContain('C-1');
  });

  it.each([[undefined], [{ other: {} }]])(
    'that maps no such source is one error, and no grant: %j',
    async (sources) => {
      open({
        policy: { ...POLICY, sources },
        consent: {
          name: 'cmp',
          start: (report) => {
            for (let n = 0; n < 3; n++) report({ statistics: true });
          },
        },
      });
      tracker.track('a');
      await pass(60_000);
      expect(tracker.consent()).toBe('pending');
      expect(error.mock.calls).toEqual([['[parcours] the policy maps no source cmp: nothing is granted']]);
      expect(page.collector.seen).toEqual([]);
    },
  );
});

describe('the policy that an earlier grant has kept', () => {
  beforeEach(async () => {
    open();
    await pass(10);
    tracker.consent(ALL);
    tracker.track('first');
    await pass(1_000);
    expect(types()).toEqual(['first']);
  });

  it('lets the next page start at once, and is asked for anew behind it', async () => {
    const { come, fetch } = slowPolicy(page.collector.fetch);
    page.collector.publish(NEWER);
    const asked = page.collector.asked.length;
    await next({}, { fetch });
    expect(tracker.consent(ALL)).toBe('granted');
    tracker.track('second');
    await pass(1_000);
    expect(types()).toEqual(['first', 'second']);
    come();
    await pass(10);
    expect(page.collector.asked).toHaveLength(asked + 1);
    tracker.track('third');
    await pass(1_000);
    expect(types()).toEqual(['first', 'second', 'third']);
    expect(hashes()).toEqual([POLICY.hash, POLICY.hash, NEWER.hash]);
    // The page after starts with the newer one.
    await next({}, { fetch: (async () => new Promise(() => {})) as typeof page.collector.fetch });
    expect(JSON.parse(kept()!).policy.hash).toBe(NEWER.hash);
    expect(tracker.consent(ALL)).toBe('granted');
  });

  it('is not read before there is a choice that may be a grant', async () => {
    const getItem = vi.fn(() => null);
    const storage = { getItem, setItem: () => {}, removeItem: () => {} } as unknown as Storage;
    await next({}, { localStorage: storage, fetch: (async () => new Promise(() => {})) as typeof fetch });
    tracker.track('a');
    tracker.consent(undefined);
    tracker.consent({ statistics: false }, { source: 'cmp' });
    await pass(60_000);
    expect(getItem).not.toHaveBeenCalled();
    tracker.consent(ALL);
    expect(getItem).toHaveBeenCalled();
  });

  it('stays good where the collector cannot be asked', async () => {
    await next({}, {});
    page.collector.set('down');
    tracker.consent(ALL);
    tracker.track('second');
    await pass(5_000);
    page.collector.set('up');
    await pass(10_000);
    expect(types()).toEqual(['first', 'second']);
  });

  it('is none where it was tampered with: the page waits for the collector', async () => {
    localStorage.setItem(
      page.idKey,
      JSON.stringify({ ...JSON.parse(kept()!), policy: { hash: 'h', purposes: 'all' } }),
    );
    const { come, fetch } = slowPolicy(page.collector.fetch);
    await next({}, { fetch });
    expect(tracker.consent(ALL)).toBe('pending');
    come();
    await pass(10);
    expect(tracker.consent()).toBe('granted');
  });

  it.each([
    ['a purpose goes', { purposes: ['audience'] as const }, 'C-1'],
    ['a field needs more', { fields: { ...POLICY.fields, 'keys.customer_id': ['ads_share'] as const } }, 'C-1'],
    ['a type is taken no more', { events: { secret: ['ads_share'] as const, '*': ['audience'] as const } }, 'secret'],
  ])('gives way to a stricter one under a running page, for what waits too: %s', async (_what, change, never) => {
    const { come, fetch } = slowPolicy(page.collector.fetch);
    page.collector.publish({ ...NEWER, ...change });
    await next({}, { fetch });
    page.collector.set('down');
    tracker.consent(ALL);
    tracker.identify('C-1');
    tracker.track('secret');
    await pass(400);
    expect(JSON.stringify(page.disks.items(page.name))).toContain(never);
    page.collector.set('up');
    come();
    await pass(10);
    tracker.track('secret');
    tracker.track('after');
    expect(JSON.stringify(page.disks.items(page.name))).not.toContain(never);
    await pass(60_000);
    expect(types()).toContain('after');
    expect(JSON.stringify(page.collector.seen)).not.toContain(never);
  });

  it('gives way to one under which the choice is too old: pending, and no id stays', async () => {
    const { come, fetch } = slowPolicy(page.collector.fetch);
    page.collector.publish({ ...NEWER, choice_days: 30 });
    vi.setSystemTime(Date.now() + 31 * 86_400_000);
    await next({}, { fetch });
    expect(tracker.consent(ALL)).toBe('granted');
    come();
    await pass(10);
    expect(tracker.consent()).toBe('pending');
    expect(kept()).not.toMatch(/visitor_id|receipt/);
    tracker.track('held');
    await pass(60_000);
    expect(types()).toEqual(['first']);
    expect(page.collector.withdrawals).toEqual([]);
  });
});

describe('before_choice: drop', () => {
  const DROP: BrowserPolicy = { ...POLICY, before_choice: 'drop' };

  it('holds nothing: a grant sends what happens from then on, and the view of the page as it is', async () => {
    history.replaceState({}, '', '/?utm_source=news');
    open({ policy: DROP, observers: undefined });
    tracker.track('before');
    await pass(1_000);
    tracker.consent(ALL);
    tracker.track('after');
    await pass(1_000);
    expect(types()).toEqual(['page_view', 'after']);
    expect(page.collector.events()[0]?.occurred_at).toBe('2026-11-22T10:00:01.000Z');
  });

  it('lets go of what was held until it was known', async () => {
    const { come, fetch } = slowPolicy(page.collector.fetch);
    page.collector.publish(DROP);
    open({}, { fetch });
    tracker.track('before');
    come();
    await pass(10);
    tracker.track('meanwhile');
    tracker.consent(ALL);
    tracker.track('after');
    await pass(1_000);
    expect(types()).toEqual(['after']);
  });

  it('holds nothing either while the choice is open again', async () => {
    open({ policy: DROP });
    tracker.consent(ALL);
    tracker.track('a');
    await pass(1_000);
    tracker.consent(undefined);
    tracker.track('b');
    tracker.consent(ALL);
    tracker.track('c');
    await pass(1_000);
    expect(types()).toEqual(['a', 'c']);
  });
});
