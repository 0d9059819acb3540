/** Longer than most: every way into and out of a grant, read side by side. */
import { describe, expect, it, vi } from 'vitest';
import { POLICY } from './testing/collector.ts';
import { createPage, pass } from './testing/page.ts';
import { page, tracker, types, visitInEachTest } from './testing/visit.ts';
import { createTracker } from './tracker.ts';

visitInEachTest();

/** What a withdrawal at the start of the clock leaves until the collector knows. */
const MARKER = JSON.stringify({ withdrawn: [{ at: '2026-11-22T10:00:00.400Z' }] });

/** Every door to the device and the network, and whether it was touched. */
function watched() {
  const touched: string[] = [];
  const trap = (name: string) =>
    new Proxy(() => {}, {
      get: (_target, property) => {
        touched.push(`${name}.${String(property)}`);
        return trap(`${name}.${String(property)}`);
      },
      apply: () => {
        touched.push(`${name}()`);
        return Promise.resolve();
      },
    }) as never;
  const overrides = {
    localStorage: trap('localStorage'),
    sessionStorage: trap('sessionStorage'),
    indexedDB: trap('indexedDB'),
    caches: trap('caches'),
    navigator: trap('navigator'),
    fetch: trap('fetch'),
  };
  return { touched, overrides };
}

describe('before the choice', () => {
  it('touches no storage, no lock and no network', async () => {
    const { touched, overrides } = watched();
    const cookie = vi.spyOn(document, 'cookie', 'get');
    const own = createPage();
    const pending = own.open({ observers: undefined }, overrides);
    pending.track('a');
    pending.page();
    pending.reset();
    expect(pending.visitorId()).toBeUndefined();
    await pending.flush();
    window.dispatchEvent(new Event('pagehide'));
    window.dispatchEvent(new Event('pageshow'));
    window.dispatchEvent(new Event('online'));
    await pass(60_000);
    expect(touched).toEqual([]);
    expect(own.disks.opened).toEqual([]);
    expect(cookie).not.toHaveBeenCalled();
    pending.stop();
  });

  it('releases what was held once, in order, with the new stamp', async () => {
    tracker.track('a');
    tracker.track('b');
    await pass(5_000);
    expect(tracker.consent({ audience: true, crm_join: true }, { version: '7' })).toBe('granted');
    tracker.consent({ audience: true });
    await pass(5_000);
    expect(types()).toEqual(['a', 'b']);
    expect(page.collector.accepted[0]?.stamps).toEqual([
      {
        purposes: ['audience', 'crm_join'],
        source: 'manual',
        at: '2026-11-22T10:00:05.000Z',
        policy: 'policy-hash-22-letters',
        source_version: '7',
      },
    ]);
    expect(page.collector.events()[0]?.occurred_at).toBe('2026-11-22T10:00:00.000Z');
  });

  it('waits while the page is prerendered', async () => {
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
    const ahead = page.open({ observers: undefined });
    ahead.track('a');
    expect(ahead.consent({ audience: true })).toBe('pending');
    await pass(5_000);
    expect(page.collector.seen).toEqual([]);
    Object.defineProperty(document, 'prerendering', { value: false, configurable: true });
    document.dispatchEvent(new Event('prerenderingchange'));
    await pass(5_000);
    expect(types().sort()).toEqual(['a', 'page_view']);
    ahead.stop();
  });
});

describe('consent', () => {
  it('asks without changing anything', () => {
    expect(tracker.consent()).toBe('pending');
    tracker.consent({ audience: true });
    expect(tracker.consent()).toBe('granted');
  });

  it.each([null, 'yes', { audience: 'true' }, { crm_join: true }, []])('takes %j for a refusal', (choice) => {
    tracker.consent({ audience: true });
    expect(tracker.consent(choice as never)).toBe('denied');
  });

  it.each([null, 'yes', { toString: 1 }])('says once on the console where it cannot read %j', (choice) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (let n = 0; n < 2; n++) tracker.consent(choice as never, { at: 'soon' });
    expect(error.mock.calls).toEqual([['[parcours] the choice cannot be read: nothing is granted']]);
  });

  it('is open again where it is told so: what is queued waits, what happens is held', async () => {
    page.collector.set('down');
    tracker.consent({ audience: true });
    tracker.track('a');
    await pass(400);
    expect(tracker.consent(undefined)).toBe('pending');
    tracker.track('b');
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    window.dispatchEvent(new Event('pagehide'));
    await pass(600_000);
    expect(page.collector.seen).toEqual([]);
    expect(tracker.visitorId()).toBeUndefined();
    tracker.consent({ audience: true });
    await pass(5_000);
    expect(types()).toEqual(['a', 'b']);
  });

  it('never sends what was seen before or during a denial', async () => {
    tracker.track('before');
    tracker.consent({ audience: false });
    tracker.track('during');
    tracker.consent({ audience: true });
    tracker.track('after');
    await pass(5_000);
    expect(types()).toEqual(['after']);
  });

  it('stamps each event with the choice that stood when it happened', async () => {
    tracker.consent({ audience: true });
    tracker.track('a');
    tracker.consent({ audience: true, crm_join: true });
    tracker.track('b');
    await pass(1_000);
    const [batch] = page.collector.accepted;
    expect(batch?.events.map(({ stamp }) => batch.stamps[stamp]?.purposes)).toEqual([
      ['audience'],
      ['audience', 'crm_join'],
    ]);
  });

  it('withdraws at once: nothing leaves, nothing stays on the device', async () => {
    // The browser's own, which is no timer of the page's.
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal);
    page.collector.set('down');
    tracker.consent({ audience: true });
    tracker.track('a');
    await pass(400);
    expect(localStorage.getItem(page.idKey)).not.toBeNull();
    tracker.track('b');
    tracker.consent({ audience: false });
    expect(localStorage.getItem(page.idKey)).toBe(MARKER);
    expect(page.indexedDB.deleteDatabase).toHaveBeenCalledWith(page.name);
    expect(vi.getTimerCount()).toBe(0);
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    window.dispatchEvent(new Event('pagehide'));
    await pass(600_000);
    expect(page.collector.seen).toEqual([]);
    expect(page.disks.items(page.name)).toEqual([]);
    expect(tracker.visitorId()).toBeUndefined();
  });

  it('ignores the answer to what was under way at the withdrawal', async () => {
    let answer = (_response: Response): void => {};
    const fetch = vi.fn((_url: unknown, { body }: RequestInit = {}) =>
      `${body}`.includes('"withdrawn"')
        ? Promise.resolve(Response.json({ results: [] }))
        : new Promise<Response>((resolve) => {
            answer = resolve;
          }),
    );
    const own = page.open({}, { fetch });
    own.consent({ audience: true });
    own.track('a');
    await pass(400);
    expect(fetch).toHaveBeenCalledTimes(1);
    own.consent({});
    answer(Response.json({ results: [], visitor_id: 'late' }));
    await pass(600_000);
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(localStorage.getItem(page.idKey)).toBeNull();
    own.stop();
  });

  it('lets a withdrawal win over a lock that is given late', async () => {
    let give = (): void => {};
    const given = new Promise<void>((resolve) => {
      give = resolve;
    });
    const request = (_name: string, _options: unknown, work: () => unknown) => given.then(work);
    // Without a disk, whose erasure alone would leave nothing to send.
    const scope = page.scope({ indexedDB: undefined, navigator: { locks: { request } } as unknown as Navigator });
    const own = createTracker(
      { endpoint: 'https://late.example/', site: page.site, key: 'k', observers: [], policy: POLICY },
      scope,
    );
    own.consent({ audience: true });
    own.track('a');
    await pass(400);
    own.consent({});
    give();
    await pass(60_000);
    expect(page.collector.seen).toEqual([]);
    own.stop();
  });

  it('erases at a denial what earlier pages left, though it never held a grant itself', async () => {
    page.collector.set('down');
    tracker.consent({ audience: true });
    tracker.track('a');
    await pass(400);
    tracker.stop();
    await pass(1);
    expect(page.disks.items(page.name)).toHaveLength(1);
    const next = page.open();
    next.consent({ audience: false });
    expect(localStorage.getItem(page.idKey)).toBe(MARKER.replace('.400', '.401'));
    expect(page.disks.items(page.name)).toEqual([]);
    next.stop();
  });

  it('never reports what was lost before a denial', async () => {
    tracker.track('a', { big: 1n });
    tracker.consent({ audience: false });
    tracker.track('b', { big: 1n });
    tracker.consent({ audience: true });
    tracker.track('c');
    await pass(1_000);
    expect(page.collector.accepted.map(({ dropped }) => dropped)).toEqual([undefined]);
  });

  it('follows a withdrawal in another tab', async () => {
    tracker.consent({ audience: true });
    tracker.track('a');
    await pass(1_000);
    localStorage.removeItem(page.idKey);
    window.dispatchEvent(new StorageEvent('storage', { key: page.idKey, newValue: null }));
    expect(tracker.consent()).toBe('denied');
    tracker.track('b');
    await pass(1_000);
    expect(types()).toEqual(['a']);
  });

  it('follows a withdrawal that happened while the page lay in the back/forward cache', async () => {
    tracker.consent({ audience: true });
    tracker.track('a');
    await pass(1_000);
    localStorage.removeItem(page.idKey);
    window.dispatchEvent(new Event('pageshow'));
    expect(tracker.consent()).toBe('denied');
  });

  it('can be withdrawn after a stop', async () => {
    tracker.consent({ audience: true });
    tracker.track('a');
    tracker.stop();
    await pass(1);
    tracker.consent({ audience: false });
    await pass(1);
    expect(localStorage.getItem(page.idKey)).toBeNull();
    expect(page.collector.withdrawals).toHaveLength(1);
  });

  it('follows a consent source by what the policy makes of its terms', async () => {
    const follower = page.open({
      consent: { name: 'cmp', start: (report) => report({ statistics: true, marketing: false, audience: true }) },
    });
    expect(follower.consent()).toBe('granted');
    follower.track('a');
    await pass(1_000);
    expect(page.collector.accepted[0]?.stamps[0]).toMatchObject({
      source: 'cmp',
      purposes: ['audience'],
      denied: ['ads_measurement'],
    });
    follower.stop();
  });

  it('grants nothing where a consent source does not start', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = page.open({
      consent: {
        name: 'cmp',
        start: () => {
          throw new Error('absent');
        },
      },
    });
    expect(broken.consent()).toBe('pending');
    expect(error).toHaveBeenCalledTimes(1);
    broken.stop();
  });
});
