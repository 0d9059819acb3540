import type { Batch } from '@parcours/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pass, setHidden } from './testing/page.ts';
import { nextPage, page, tracker, visitInEachTest } from './testing/visit.ts';

const YES = { audience: true };
const ALL = { audience: true, ads_measurement: true, crm_join: true };
const NO = { audience: false };

const kept = () => localStorage.getItem(page.idKey);
/** What left the browser, in order: what was taken back, or types of events. */
const sent = () =>
  page.collector.inits.map(({ body }) => {
    const { withdrawn, events } = JSON.parse(body as string) as Batch;
    return withdrawn ? `withdrawn ${withdrawn.purposes ?? 'everything'}` : events.map(({ type }) => type).join(' ');
  });

visitInEachTest();
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
});

describe('a withdrawal', () => {
  it('is told at once by a request that may outlive the page, with whose it is and nothing else', async () => {
    tracker.consent(YES);
    tracker.track('a');
    await pass(1_000);
    const visitor_id = tracker.visitorId();
    tracker.track('b', { big: 1n });
    tracker.track('c');
    tracker.consent(NO);
    const { body, ...init } = page.collector.inits.at(-1)!;
    expect(init).toMatchObject({ method: 'POST', keepalive: true, credentials: 'include' });
    const at = new Date().toISOString();
    expect(JSON.parse(body as string)).toEqual({
      ...{ v: 1, site: page.site, key: 'pk', sdk: expect.any(String), sent_at: at },
      ...{ visitor_id, withdrawn: { at }, stamps: [], events: [] },
    });
    await pass(600_000);
    expect(sent()).toEqual(['a', 'withdrawn everything']);
    expect(kept()).toBeNull();
  });

  it('leaves no id where it cannot be told: that it was done, and when', async () => {
    tracker.consent(ALL);
    tracker.identify('C-1');
    await pass(1_000);
    page.collector.set('down');
    tracker.track('b');
    await pass(400);
    tracker.consent(NO);
    expect(localStorage).toHaveLength(1);
    expect(kept()).toBe(JSON.stringify({ withdrawn: [{ at: new Date().toISOString() }] }));
    expect(sessionStorage).toHaveLength(0);
    expect(document.cookie).toBe('');
    expect(page.disks.items(page.name)).toEqual([]);
  });

  it('waits on a later page until something is decided there, and is then the first request', async () => {
    page.collector.set('down');
    tracker.consent(YES);
    tracker.track('a');
    await pass(400);
    tracker.consent(NO);
    await pass(1);
    const { at } = JSON.parse(kept()!).withdrawn[0];
    await nextPage();
    page.collector.set('up');
    tracker.track('held');
    tracker.consent(undefined);
    window.dispatchEvent(new Event('online'));
    setHidden(true);
    await pass(60_000);
    expect(sent()).toEqual([]);
    tracker.consent(YES);
    expect(tracker.visitorId()).toMatch(/-/);
    setHidden(false);
    setHidden(true);
    await pass(1_000);
    expect(sent()).toEqual(['withdrawn everything', 'held']);
    const [told] = page.collector.withdrawals;
    expect(told?.withdrawn).toEqual({ at });
    // Whose it was only the cookie knows by now.
    expect(told?.visitor_id).toBeUndefined();
  });

  it('is told by a refusal on a later page too', async () => {
    page.collector.set('down');
    tracker.consent(YES);
    await pass(400);
    tracker.consent(NO);
    await nextPage();
    page.collector.set('up');
    tracker.consent(NO);
    await pass(1_000);
    expect(sent()).toEqual(['withdrawn everything']);
    expect(kept()).toBeNull();
  });

  it.each([
    ['no network', 'down', 0],
    ['a page of somebody else', 'portal', 1],
    ['408', { status: 408 }, 1],
    ['429', { status: 429 }, 1],
    ['500', { status: 500 }, 1],
    ['503', { status: 503 }, 1],
  ] as const)('is told again after %s, and nothing leaves before it is known', async (_name, weather, arrives) => {
    tracker.consent(YES);
    await pass(400);
    page.collector.set(weather);
    tracker.consent(NO);
    await pass(1);
    tracker.consent(YES);
    tracker.track('new');
    await pass(30_000);
    setHidden(true);
    setHidden(false);
    expect(sent().length).toBeGreaterThanOrEqual(arrives * 3);
    expect(new Set(sent()).size).toBe(arrives);
    expect(kept()).toContain('withdrawn');
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    await pass(2_000);
    expect(sent().slice(-2)).toEqual(['withdrawn everything', 'new']);
    const { length } = sent();
    await pass(600_000);
    expect(sent()).toHaveLength(length);
    expect(new Set(page.collector.withdrawals.map(({ withdrawn }) => withdrawn?.at)).size).toBe(1);
  });

  it.each([400, 401, 404, 422])('is not told for ever where the answer is %i', async (status) => {
    tracker.consent(YES);
    await pass(400);
    page.collector.set({ status });
    tracker.consent(NO);
    await pass(600_000);
    expect(sent()).toEqual(['withdrawn everything']);
    expect(kept()).toBeNull();
  });

  it('of what was granted again meanwhile is told once, as of the last time', async () => {
    page.collector.set('down');
    for (let n = 0; n < 3; n++) {
      tracker.consent(YES);
      tracker.track('a');
      await pass(400);
      tracker.consent(NO);
      await pass(400);
    }
    const last = Date.now() - 400;
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    await pass(60_000);
    expect(page.collector.withdrawals.map(({ withdrawn }) => +new Date(withdrawn!.at))).toEqual([last]);
  });

  it('is older than what is chosen after it, though in the same moment', async () => {
    tracker.consent(YES);
    tracker.consent(NO);
    tracker.consent(YES);
    tracker.track('a');
    await pass(1_000);
    const [told] = page.collector.withdrawals;
    const [stamp] = page.collector.accepted[0]!.stamps;
    expect(+new Date(stamp!.at)).toBeGreaterThan(+new Date(told!.withdrawn!.at));
  });

  it('is not older than the choice that it takes back, whose date may be by a clock that is ahead', async () => {
    const at = new Date(Date.now() + 200_000).toISOString();
    tracker.consent(YES, { at });
    tracker.track('a');
    await pass(1_000);
    expect(page.collector.accepted[0]?.stamps[0]?.at).toBe(at);
    tracker.consent(NO);
    await pass(1_000);
    expect(page.collector.withdrawals.map(({ withdrawn }) => withdrawn?.at)).toEqual([at]);
  });

  it('is not older either where the clock was set back', async () => {
    tracker.consent(YES);
    tracker.track('a');
    await pass(1_000);
    const at = page.collector.accepted[0]?.stamps[0]?.at;
    vi.setSystemTime(Date.now() - 3_600_000);
    tracker.consent(NO);
    await pass(1_000);
    expect(page.collector.withdrawals.map(({ withdrawn }) => withdrawn?.at)).toEqual([at]);
  });

  it('is none where nothing was granted', async () => {
    tracker.track('a');
    tracker.consent(NO);
    await pass(600_000);
    await nextPage();
    tracker.consent(NO);
    await pass(600_000);
    expect(sent()).toEqual([]);
    expect(kept()).toBeNull();
  });

  it.each([
    ['null', null, {}],
    ['a text', 'no', {}],
    ['a date in a year, as where the clock was set back', YES, { at: '2027-11-22T10:00:00Z' }],
    ['a consent string without end', YES, { string: 'C'.repeat(10_000) }],
  ])(
    'is none where the choice cannot be read, such as %s: all goes, and one error says so',
    async (_what, said, about) => {
      const error = vi.spyOn(console, 'error').mockImplementation(() => {});
      tracker.consent(YES);
      tracker.track('a');
      await pass(1_000);
      expect(tracker.consent(said as never, about)).toBe('denied');
      expect(kept()).not.toMatch(/_id|since|born|active|receipt|[0-9a-f]{8}-/);
      expect(page.disks.items(page.name)).toEqual([]);
      tracker.track('b');
      await pass(600_000);
      expect(sent()).toEqual(['a']);
      expect(error.mock.calls).toEqual([['[parcours] the choice cannot be read: nothing is granted']]);
    },
  );
});

describe('a withdrawal of some purposes', () => {
  it('is told before anything else leaves, with whose it is, and takes them from what waits', async () => {
    page.collector.set('down');
    tracker.consent(ALL);
    tracker.identify('C-1');
    tracker.track('a');
    await pass(400);
    const visitor_id = tracker.visitorId();
    tracker.consent(YES);
    const at = new Date().toISOString();
    expect(JSON.stringify(page.disks.items(page.name))).not.toContain('C-1');
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    await pass(2_000);
    expect(sent()).toEqual(['withdrawn ads_measurement,crm_join', 'a']);
    expect(page.collector.withdrawals[0]).toMatchObject({
      visitor_id,
      withdrawn: { at, purposes: ['ads_measurement', 'crm_join'] },
    });
    expect(JSON.stringify(page.collector.seen)).not.toContain('C-1');
    expect(tracker.visitorId()).toBe(visitor_id);
  });

  it('is told no sooner for what is captured while it cannot be, at most 30 s apart, and then all that leaves', async () => {
    tracker.consent(ALL);
    tracker.track('a');
    await pass(1_000);
    page.collector.set({ status: 503 });
    tracker.consent(YES);
    const at: number[] = [];
    let { length } = page.collector.inits;
    for (let ms = 0; ms < 100_000; ms += 100) {
      if (ms % 300 === 0) tracker.track('b');
      await pass(100);
      if (page.collector.inits.length > length) at.push(ms);
      length = page.collector.inits.length;
    }
    const gaps = at.slice(1).map((ms, n) => Math.round((ms - at[n]!) / 1_000));
    expect(gaps).toEqual([1, 2, 4, 8, 16, 30, 30]);
    page.collector.set('up');
    await pass(31_000);
    expect(sent().at(-1)).toMatch(/^b( b)+$/);
    expect(
      sent()
        .filter((what) => what.startsWith('withdrawn'))
        .at(-1),
    ).toContain('ads_measurement');
  });

  it('outlives the page, and is told before what the next one captures', async () => {
    page.collector.set('down');
    tracker.consent(ALL);
    await pass(400);
    tracker.consent(YES);
    await nextPage();
    page.collector.set('up');
    tracker.consent(YES);
    tracker.track('a');
    await pass(1_000);
    expect(sent()).toEqual(['withdrawn ads_measurement,crm_join', 'a']);
    expect(JSON.parse(kept()!).withdrawn).toEqual([]);
  });

  it('gives way to one of everything', async () => {
    page.collector.set('down');
    tracker.consent(ALL);
    await pass(400);
    tracker.consent(YES);
    await pass(400);
    tracker.consent(NO);
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    await pass(60_000);
    expect(sent()).toEqual(['withdrawn everything']);
  });
});
