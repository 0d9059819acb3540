import type { BrowserPolicy, PolicyRules } from '@parcours/protocol';
import { browserPolicy, resolveRules } from '@parcours/protocol/policy';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPage, pass, setHidden } from '../testing/page.ts';
import type { Tracker } from '../tracker_types.ts';
import { VERSION } from '../version.ts';
import { createExempt, type Exempt } from './exempt.ts';

vi.mock('web-vitals', () => {
  const none = () => {};
  const lcp = (tell: (metric: object) => void) =>
    document.addEventListener('told-lcp', () =>
      tell({ id: 'v-1', name: 'LCP', value: 1840.4, rating: 'good', navigationType: 'navigate' }),
    );
  return { onLCP: lcp, onINP: none, onCLS: none, onFCP: none, onTTFB: none };
});

const policyOf = (rules: PolicyRules): BrowserPolicy =>
  browserPolicy(resolveRules({ policy: 1, version: '1.0.0', rules }, 'any'), 'policy-hash-22-letters');
const EXEMPT = policyOf({ preset: 'cnil-fr-2025' });
const AFTER = policyOf({ preset: 'cnil-fr-2025', exempt: { after_refusal: true } });

let page: ReturnType<typeof createPage>;
let tracker: Tracker;
let exempt: Exempt;
const mark = () => `pc_objection_${page.site}`;

const open = (policy: BrowserPolicy | undefined = EXEMPT, overrides: Parameters<typeof page.open>[1] = {}): void => {
  exempt = createExempt({ site: page.site, key: 'pk' }, page.scope(overrides));
  tracker = page.open({ policy, observers: [exempt] }, overrides);
};
const told = () => page.collector.events().map(({ type }) => type);
const click = (): void => {
  const button = document.createElement('button');
  button.textContent = 'Marie';
  document.body.append(button);
  button.click();
  button.remove();
};

beforeEach(() => {
  localStorage.clear();
  history.replaceState({}, '', '/boots?utm_source=letter&gclid=1&email=a@b.example#top');
  Object.defineProperty(document, 'referrer', { value: 'https://search.example/find?q=tent', configurable: true });
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00.123Z') });
  page = createPage();
});
afterEach(async () => {
  exempt.object(false);
  tracker.consent({});
  tracker.stop();
  await pass(1);
  vi.restoreAllMocks();
  vi.useRealTimers();
  setHidden(false);
});

describe('measured without consent', () => {
  it('goes out as this, and nothing else', async () => {
    open();
    document.dispatchEvent(new Event('told-lcp'));
    click();
    await pass(2_000);
    const id = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    const common = {
      event_id: id,
      occurred_at: '2026-11-22T10:00:00.123Z',
      stamp: 0,
      page: { url: `${location.origin}/boots`, referrer: 'https://search.example' },
    };
    const here = { ...common, page: { url: `${location.origin}/boots` } };
    expect(page.collector.seen).toEqual([
      {
        ...{ v: 1, site: page.site, key: 'pk', sdk: VERSION, sent_at: '2026-11-22T10:00:02.123Z' },
        stamps: [
          {
            ...{ purposes: ['audience_exempt'], source: 'exempt', at: '2026-11-22T10:00:02.123Z' },
            policy: 'policy-hash-22-letters',
          },
        ],
        events: [
          { ...common, type: 'page_view', props: { screen: 'medium' } },
          { ...here, type: 'web_vital', props: { name: 'LCP', value: 1840, rating: 'good', screen: 'medium' } },
          { ...here, type: 'click', props: { element: 'button', role: 'button', screen: 'medium' } },
        ],
      },
    ]);
    expect(page.collector.inits).toMatchObject([
      { credentials: 'omit', keepalive: true, referrerPolicy: 'strict-origin' },
    ]);
    expect([localStorage.length, document.cookie, page.disks.opened]).toEqual([0, '', []]);
  });

  it('takes each page once, from the page before, and none of another type', async () => {
    open();
    history.pushState({}, '', '/tents?q=1');
    history.pushState({}, '', '/tents?q=2');
    tracker.track('search', { search_term: 'tent' });
    await pass(2_000);
    expect(page.collector.events().map(({ page: seen }) => seen)).toEqual([
      { url: `${location.origin}/boots`, referrer: 'https://search.example' },
      { url: `${location.origin}/tents`, referrer: location.origin },
    ]);
  });

  it('goes out when the page is left', async () => {
    open();
    setHidden(true);
    await pass(0);
    expect(told()).toEqual(['page_view']);
  });

  it('is not lost where the network is away for a while, and has the same id then', async () => {
    page.collector.set('down');
    open();
    await pass(2_000);
    page.collector.set('up');
    await pass(60_000);
    expect(told()).toEqual(['page_view']);
  });

  it('goes out when the page is left, also where a try has failed and the next is not due', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    page.collector.set('down');
    open();
    // It fails after two seconds, and the next try comes a second later.
    await pass(2_500);
    page.collector.set('up');
    expect(told()).toEqual([]);
    setHidden(true);
    await pass(0);
    expect(told()).toEqual(['page_view']);
  });

  it('is told of an address without the e-mail that stands in it', async () => {
    history.replaceState({}, '', '/account/marie@shop.example/orders');
    open();
    await pass(2_000);
    expect(page.collector.events()[0]?.page?.url).toBe(`${location.origin}/account/[email]/orders`);
  });

  it('waits in memory, fifty at most: of more the oldest go', async () => {
    page.collector.set('down');
    open();
    for (let n = 0; n < 50; n++) click();
    await pass(2_000);
    page.collector.set('up');
    await pass(60_000);
    expect(told()).toEqual(Array.from({ length: 50 }, () => 'click'));
  });

  it('is not lost where it comes while a request is on its way', async () => {
    page.collector.set(({ events }) => {
      if (events[0]?.type === 'page_view') click();
      return 'up';
    });
    open();
    await pass(60_000);
    expect(told()).toEqual(['page_view', 'click']);
  });

  it('is nothing without the preset: no request, and nothing of the device is read', async () => {
    const read = vi.spyOn(Storage.prototype, 'getItem');
    open(policyOf({}));
    click();
    await pass(60_000);
    expect(page.collector.seen).toEqual([]);
    expect(read).not.toHaveBeenCalled();
  });

  it('waits for the policy', async () => {
    page.collector.publish(undefined);
    exempt = createExempt({ site: page.site, key: 'pk' }, page.scope());
    tracker = page.open({ policy: undefined, observers: [exempt] });
    await pass(3_000);
    expect(page.collector.seen).toEqual([]);
    page.collector.publish(EXEMPT);
    await pass(120_000);
    expect(told()).toEqual(['page_view']);
  });

  it('ends with a grant: what was not sent is forgotten, and nothing more comes', async () => {
    open();
    tracker.consent({ audience: true });
    click();
    await pass(60_000);
    expect(page.collector.seen.flatMap(({ stamps }) => stamps.flatMap(({ purposes }) => purposes))).not.toContain(
      'audience_exempt',
    );
  });

  it.each([
    ['ends with a refusal', EXEMPT, []],
    ['goes on after a refusal where the policy says so', AFTER, ['page_view', 'click']],
  ])('%s', async (_, policy, types) => {
    open(policy);
    tracker.consent({ audience: false });
    click();
    await pass(60_000);
    expect(told()).toEqual(types);
  });

  it.each([
    ['is told under Global Privacy Control', undefined, ['page_view']],
    ['is not, where the policy says that it ends', ['audience_exempt'] as const, []],
  ])('%s', async (_, removes, types) => {
    const policy = policyOf({ preset: 'cnil-fr-2025', ...(removes && { gpc_removes: removes }) });
    open(policy, { navigator: { globalPrivacyControl: true } as never });
    await pass(60_000);
    expect(told()).toEqual(types);
  });
});

describe('an objection', () => {
  it('ends it within the call, for what waits and for what is on its way', async () => {
    page.collector.set('hang');
    open();
    await pass(2_000);
    const [init] = page.collector.inits;
    click();
    exempt.object();
    expect(init?.signal?.aborted).toBe(true);
    page.collector.set('up');
    click();
    await pass(600_000);
    expect(page.collector.events()).toEqual([]);
    expect(page.collector.seen.at(-1)).toMatchObject({ objection: true, events: [], stamps: [] });
    expect(page.collector.inits.at(-1)).toMatchObject({ credentials: 'include' });
  });

  it('lasts 13 months, on the next page too, and not a day longer', async () => {
    open();
    exempt.object();
    const sent = page.collector.seen.length;
    tracker.stop();
    await pass(394 * 86_400_000);
    // Cookies have clocks of their own; local storage is what is left where they were emptied.
    // biome-ignore lint/suspicious/noDocumentCookie: as a visitor who empties them
    document.cookie = `${mark()}=; max-age=0; path=/`;
    open();
    click();
    await pass(60_000);
    expect(page.collector.seen).toHaveLength(sent);
    tracker.stop();
    await pass(86_400_000);
    open();
    await pass(2_000);
    expect(told()).toEqual(['page_view']);
  });

  it('is found in the cookie alone, as the collector sets it', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: as the collector's answer does
    document.cookie = `${mark()}=1; path=/`;
    open();
    click();
    await pass(60_000);
    expect(page.collector.seen).toEqual([]);
  });

  it('that the collector knows of is written down here', async () => {
    page.collector.set((batch) => ({
      results: batch.events.map(({ event_id }) => ({ event_id, status: 'filtered', code: 'objected' })),
    }));
    open();
    await pass(2_000);
    const sent = page.collector.seen.length;
    click();
    await pass(60_000);
    expect(page.collector.seen).toHaveLength(sent);
    expect(Number(localStorage.getItem(mark()))).toBeGreaterThan(Date.now());
  });

  it('counts as made where storage is blocked', async () => {
    const blocked = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    open(EXEMPT, { localStorage: { getItem: blocked, setItem: blocked, removeItem: blocked } as never });
    await pass(60_000);
    expect(page.collector.seen).toEqual([]);
  });

  it('made in another tab ends what waits here, for good', async () => {
    open();
    const elsewhere = createExempt({ site: page.site, key: 'pk' }, page.scope());
    elsewhere.object();
    await pass(2_000);
    elsewhere.object(false);
    click();
    await pass(60_000);
    expect(told()).toEqual(['click']);
  });

  it('holds on this page though nothing could be written down', async () => {
    const none = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
    vi.spyOn(document, 'cookie', 'set').mockReturnValue();
    open(EXEMPT, { localStorage: none as never });
    exempt.object();
    click();
    await pass(60_000);
    expect(page.collector.events()).toEqual([]);
  });

  it('can be taken back', async () => {
    open();
    exempt.object();
    exempt.object(false);
    expect(localStorage.getItem(mark())).toBeNull();
    click();
    await pass(60_000);
    expect(told()).toEqual(['click']);
  });
});

it.each([{ site: '', key: 'pk' }, { site: 'shop' }])('needs its options: %j', (options) => {
  expect(() => createExempt(options as never)).toThrow(/\[parcours\] option "(site|key)" must be a text/);
});
