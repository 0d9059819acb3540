/** Longer than most: every way into and out of a grant, read side by side. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPage, pass } from './testing/page.ts';
import { createTracker } from './tracker.ts';
import type { Tracker } from './tracker_types.ts';

let page: ReturnType<typeof createPage>;
let tracker: Tracker;

const types = () => page.collector.events().map(({ type }) => type);

beforeEach(() => {
  localStorage.clear();
  history.replaceState({}, '', '/');
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  page = createPage();
  tracker = page.open();
});
afterEach(async () => {
  tracker.consent({});
  tracker.stop();
  await pass(1);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

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
    expect(tracker.consent({ audience: true, crm_join: true }, { source: 'banner' })).toBe('granted');
    tracker.consent({ audience: true });
    await pass(5_000);
    expect(types()).toEqual(['a', 'b']);
    expect(page.collector.accepted[0]?.stamps).toEqual([
      { purposes: ['audience', 'crm_join'], source: 'banner', at: '2026-11-22T10:00:05.000Z' },
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

  it.each([undefined, null, 'yes', { audience: 'true' }, { crm_join: true }, []])(
    'takes %j for a refusal',
    (choice) => {
      tracker.consent({ audience: true });
      expect(tracker.consent(choice as never)).toBe('denied');
    },
  );

  it('says once on the console what it could not read, in debug only', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    tracker.consent(null as never);
    expect(log).not.toHaveBeenCalled();
    const loud = page.open({ debug: true });
    loud.consent(null as never);
    expect(log).toHaveBeenCalledTimes(1);
    loud.stop();
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
    page.collector.set('down');
    tracker.consent({ audience: true });
    tracker.track('a');
    await pass(400);
    expect(localStorage.getItem(page.idKey)).not.toBeNull();
    tracker.track('b');
    tracker.consent({ audience: false });
    expect(localStorage.getItem(page.idKey)).toBeNull();
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
    const fetch = vi.fn(
      () =>
        new Promise<Response>((resolve) => {
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
    expect(fetch).toHaveBeenCalledTimes(1);
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
    const own = createTracker({ endpoint: 'https://late.example/', site: page.site, key: 'k', observers: [] }, scope);
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
    expect(localStorage.getItem(page.idKey)).toBeNull();
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
    expect(localStorage.getItem(page.idKey)).toBeNull();
  });

  it('follows a consent source, and takes one that does not start for a refusal', async () => {
    const follower = page.open({ consent: { name: 'cmp', start: (report) => report({ audience: true }) } });
    expect(follower.consent()).toBe('granted');
    follower.track('a');
    await pass(1_000);
    expect(page.collector.accepted[0]?.stamps[0]?.source).toBe('cmp');
    const broken = page.open({
      consent: {
        name: 'cmp',
        start: () => {
          throw new Error('absent');
        },
      },
    });
    expect(broken.consent()).toBe('denied');
    follower.stop();
    broken.stop();
  });
});
