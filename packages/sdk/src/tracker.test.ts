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
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    tracker.consent(null as never);
    expect(error).not.toHaveBeenCalled();
    const loud = page.open({ debug: true });
    loud.consent(null as never);
    expect(error).toHaveBeenCalledTimes(1);
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

describe('capture', () => {
  beforeEach(() => {
    tracker.consent({ audience: true });
  });

  it('freezes the properties', async () => {
    const props = { list: [1], nested: { a: 1 } };
    tracker.track('a', props);
    props.list.push(2);
    props.nested.a = 2;
    await pass(1_000);
    expect(page.collector.events()[0]?.props).toEqual({ list: [1], nested: { a: 1 } });
  });

  it('lets go of what JSON cannot say, counted and reported once', async () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    tracker.track('a', circular);
    tracker.track('b', { big: 1n });
    tracker.track('c', {
      get worse() {
        throw new Error('no');
      },
    });
    tracker.track('d');
    await pass(1_000);
    tracker.track('e');
    await pass(1_000);
    expect(types()).toEqual(['d', 'e']);
    expect(page.collector.accepted.map(({ dropped }) => dropped)).toEqual([
      [{ code: 'not_serialisable', count: 3 }],
      undefined,
    ]);
  });

  it('lets go of an event over 32 KB', async () => {
    tracker.track('a', { text: 'x'.repeat(32 * 1024) });
    tracker.track('b', { text: 'x'.repeat(31 * 1024) });
    await pass(1_000);
    expect(types()).toEqual(['b']);
    expect(page.collector.accepted[0]?.dropped).toEqual([{ code: 'too_large', count: 1 }]);
  });

  it('reports a drop until a batch that says so is acknowledged', async () => {
    tracker.track('a', { big: 1n });
    tracker.track('b');
    page.collector.set({ status: 503 });
    await pass(400);
    page.collector.set('up');
    await pass(5_000);
    expect(page.collector.seen.map(({ dropped }) => dropped)).toEqual([
      [{ code: 'not_serialisable', count: 1 }],
      [{ code: 'not_serialisable', count: 1 }],
    ]);
  });

  it('numbers the events of a page from 0, names its view, and masks e-mails', async () => {
    history.replaceState({}, '', '/p?utm_source=n&token=1#f');
    tracker.page();
    tracker.track('a', { note: 'to jean@mail.fr' });
    await pass(1_000);
    const [view, event] = page.collector.events();
    expect([view?.seq, event?.seq]).toEqual([0, 1]);
    expect(view?.page?.url).toBe(`${location.origin}/p?utm_source=n`);
    expect(event?.page).toEqual({ url: `${location.origin}/p?utm_source=n` });
    expect(event?.page_view_id).toBe(view?.event_id);
    expect(event?.props).toEqual({ note: 'to [email]' });
  });

  it('never throws into the page', async () => {
    const own = page.open({
      onDrop: () => {
        throw new Error('theirs');
      },
    });
    expect(() => {
      own.track(undefined as never);
      own.track('' as never);
      own.track({} as never);
      own.track('a', null as never);
      own.consent({ audience: true }, null as never);
      own.track('b', { big: 1n });
      own.onDrop(undefined as never);
      own.track('c', { big: 1n });
      own.page();
      own.reset();
    }).not.toThrow();
    await own.flush();
    own.stop();
    await pass(1);
  });

  it('gives beforeSend each event once, and lets go of what it does not give back', async () => {
    const onDrop = vi.fn();
    const own = page.open({
      onDrop,
      beforeSend: (event) => {
        if (event.type === 'none') return null;
        if (event.type === 'other') return { ...event, event_id: 'other' };
        if (event.type === 'throws') throw new Error('theirs');
        event.props = { seen: true };
        return event;
      },
    });
    own.consent({ audience: true });
    for (const type of ['none', 'other', 'throws', 'kept']) own.track(type, { seen: false });
    await pass(1_000);
    expect(page.collector.events().map(({ type, props }) => [type, props])).toEqual([['kept', { seen: true }]]);
    expect(onDrop.mock.calls).toEqual(Array(3).fill([{ code: 'before_send', count: 1 }]));
    own.stop();
  });

  it('keeps a page view in a body of 750 bytes', async () => {
    history.replaceState({}, '', '/produits/chaussures/bottes-de-pluie-enfant?utm_source=newsletter');
    document.title = 'Bottes de pluie enfant, bleu marine | La Boutique';
    tracker.page();
    await pass(1_000);
    expect(String(page.collector.inits[0]?.body).length).toBeLessThanOrEqual(750);
  });
});

describe('identity', () => {
  it('starts over at a reset: next batch says rotate until it is taken', async () => {
    tracker.consent({ audience: true });
    const before = tracker.visitorId();
    tracker.reset();
    const after = tracker.visitorId();
    expect(after).not.toBe(before);
    tracker.track('a');
    page.collector.set({ status: 503 });
    await pass(400);
    page.collector.set('up');
    await pass(3_000);
    tracker.track('b');
    await pass(1_000);
    expect(page.collector.seen.map(({ rotate, visitor_id }) => [rotate, visitor_id])).toEqual([
      [true, after],
      [true, after],
      [undefined, after],
    ]);
    expect(tracker.consent()).toBe('granted');
  });

  it('resets before the choice take effect with the grant', async () => {
    tracker.consent({ audience: true });
    const before = tracker.visitorId();
    const next = page.open();
    next.reset();
    next.consent({ audience: true });
    expect(next.visitorId()).not.toBe(before);
    next.stop();
  });

  it("takes the collector's visitor for later events", async () => {
    page.collector.set(() => ({ visitor_id: 'from-cookie' }));
    tracker.consent({ audience: true });
    tracker.track('a');
    await pass(1_000);
    tracker.track('b');
    await pass(1_000);
    expect(page.collector.events().at(-1)?.visitor_id).toBe('from-cookie');
    expect(page.collector.accepted.at(-1)?.visitor_id).toBe('from-cookie');
  });
});

describe('options', () => {
  const good = { endpoint: 'https://x.fr/v1/events', site: 'x', key: 'k' };
  it.each([
    [{ ...good, endpoint: '/v1/events' }, '[parcours] option "endpoint" must be an absolute URL'],
    [{ site: 'x', key: 'k' }, '[parcours] option "endpoint" must be an absolute URL'],
    [{ ...good, site: '' }, '[parcours] option "site" must be a text'],
    [{ ...good, key: 5 }, '[parcours] option "key" must be a text'],
    [{ ...good, queryKeys: 'q' }, '[parcours] option "queryKeys" must be an array of texts'],
    [{ ...good, observers: [{}] }, '[parcours] option "observers" must be an array of observers'],
    [{ ...good, consent: {} }, '[parcours] option "consent" must be a consent source'],
    [{ ...good, debug: 'yes' }, '[parcours] option "debug" must be true or false'],
    [{ ...good, beforeSend: null }, '[parcours] option "beforeSend" must be a function'],
    [{ ...good, onDrop: 1 }, '[parcours] option "onDrop" must be a function'],
    [{ ...good, querykeys: [] }, '[parcours] option "querykeys" is unknown'],
    [{ ...good, toString: 1 }, '[parcours] option "toString" is unknown'],
  ])('refuses %j', (options, message) => {
    expect(() => createTracker(options as never, page.scope())).toThrow(message);
  });

  it('gives one tracker per site and endpoint, over a stop and a start in one task', async () => {
    const options = { ...good, site: page.site };
    const first = createTracker(options, page.scope(), page.disks.open);
    expect(createTracker(options, page.scope(), page.disks.open)).toBe(first);
    first.stop();
    expect(createTracker(options, page.scope(), page.disks.open)).toBe(first);
    await pass(1);
    first.consent({ audience: true });
    await pass(1_000);
    expect(types()).toEqual(['page_view']);
    first.stop();
    await pass(1);
    const second = createTracker(options, page.scope(), page.disks.open);
    expect(second).not.toBe(first);
    second.stop();
  });

  it('works where there is no browser', async () => {
    const fetch = vi.fn(page.collector.fetch);
    const server = createTracker({ ...good, site: page.site }, { fetch }, undefined);
    server.track('a');
    server.consent({ audience: true });
    await server.flush();
    expect(types()).toEqual(['a']);
    expect(page.collector.events()[0]?.page).toBeUndefined();
    server.stop();
    await pass(1);
  });
});
