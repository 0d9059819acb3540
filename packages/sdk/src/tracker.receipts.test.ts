import type { Batch } from '@parcours/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { POLICY } from './testing/collector.ts';
import { createPage, pass } from './testing/page.ts';
import type { Tracker } from './tracker_types.ts';

const ALL = { audience: true, crm_join: true };
/** A consent manager that tells its date: the same choice has the same stamp on each page and in each tab. */
const TOLD = { at: '2026-11-22T09:00:00Z' };

let page: ReturnType<typeof createPage>;
const opened: Tracker[] = [];

const open = (...args: Parameters<typeof page.open>): Tracker => {
  const tracker = page.open(...args);
  opened.push(tracker);
  return tracker;
};

/** Where a batch's receipts are not of the visitor of their events, as the collector judges it: `consent_forged`. */
const forged = (batches: readonly Batch[]): readonly string[] =>
  batches.flatMap(({ stamps, events, visitor_id }) =>
    events.flatMap((event) => {
      const { receipt } = stamps[event.stamp] ?? {};
      return receipt && ![`of ${event.visitor_id}`, `of ${visitor_id}`].includes(receipt) ? [event.type] : [];
    }),
  );

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  page = createPage();
  page.collector.set(({ stamps, visitor_id }) => ({
    receipts: stamps.map(({ receipt }) => (receipt ? null : `of ${visitor_id}`)),
  }));
});
afterEach(async () => {
  for (const tracker of opened.splice(0)) {
    tracker.consent({});
    tracker.stop();
  }
  await pass(1);
  vi.useRealTimers();
});

describe('the receipt of a choice', () => {
  it('goes with the choice once the collector has given it', async () => {
    const tracker = open();
    tracker.consent(ALL, TOLD);
    tracker.track('a');
    await pass(1_000);
    tracker.track('b');
    await pass(1_000);
    expect(page.collector.seen.map(({ stamps }) => stamps[0]?.receipt)).toEqual([
      undefined,
      `of ${tracker.visitorId()}`,
    ]);
    expect(forged(page.collector.seen)).toEqual([]);
  });

  it('is not given to whoever comes after a logout on a page that had not heard of the choice', async () => {
    const [first, second] = [open(), open()];
    second.reset();
    second.track('held');
    first.consent(ALL, TOLD);
    first.track('a');
    await pass(1_000);
    second.consent(ALL, TOLD);
    second.track('b');
    await pass(1_000);
    expect(page.collector.events().map(({ type }) => type)).toEqual(['a', 'held', 'b']);
    expect(forged(page.collector.seen)).toEqual([]);
  });

  it('is not given to the visitor who replaces one whose id has come of age', async () => {
    const policy = { ...POLICY, cookie_days: 30 };
    const before = open({ policy });
    before.consent(ALL, TOLD);
    before.track('a');
    await pass(1_000);
    before.stop();
    vi.setSystemTime(Date.parse('2026-12-25T10:00:00Z'));
    const after = open({ policy });
    after.consent(ALL, TOLD);
    after.track('b');
    await pass(1_000);
    const [a, b] = page.collector.events();
    expect(b?.visitor_id).not.toBe(a?.visitor_id);
    expect(forged(page.collector.seen)).toEqual([]);
  });

  it('ends with a logout: the same choice is told anew for the next visitor, with its date, and has another', async () => {
    const tracker = open();
    tracker.consent(ALL, TOLD);
    for (const type of ['a', 'b']) {
      tracker.track(type);
      await pass(1_000);
    }
    const first = tracker.visitorId();
    tracker.reset();
    for (const type of ['c', 'd']) {
      tracker.track(type);
      await pass(1_000);
    }
    const second = tracker.visitorId();
    expect(second).not.toBe(first);
    const stamps = page.collector.seen.map(({ stamps: [stamp] }) => stamp!);
    expect(stamps.map(({ receipt }) => receipt)).toEqual([undefined, `of ${first}`, undefined, `of ${second}`]);
    expect(new Set(stamps.map(({ at }) => at))).toEqual(new Set(['2026-11-22T09:00:00.000Z']));
    expect(forged(page.collector.seen)).toEqual([]);
  });

  it('is not kept where it comes after the logout', async () => {
    let answer = (): void => {};
    const fetch = (async (url, init) => {
      const reply = await page.collector.fetch(url, init);
      if (page.collector.seen.length === 1) await new Promise<void>((resolve) => (answer = resolve));
      return reply;
    }) as typeof page.collector.fetch;
    const tracker = open({}, { fetch: fetch as never });
    tracker.consent(ALL, TOLD);
    tracker.track('a');
    await pass(400);
    tracker.reset();
    answer();
    await pass(1);
    tracker.track('b');
    await pass(1_000);
    const [a, b] = page.collector.events();
    expect([a?.type, b?.type]).toEqual(['a', 'b']);
    expect(b?.visitor_id).not.toBe(a?.visitor_id);
    expect(forged(page.collector.seen)).toEqual([]);
  });

  it('goes where the collector goes on with an id that the browser had before', async () => {
    const tracker = open();
    tracker.consent(ALL, TOLD);
    tracker.track('a');
    await pass(1_000);
    page.collector.set(({ stamps }) => ({
      visitor_id: 'older',
      receipts: stamps.map(({ receipt }) => (receipt ? null : 'of older')),
    }));
    for (const type of ['b', 'c', 'd']) {
      tracker.track(type);
      await pass(1_000);
    }
    expect(page.collector.seen.map(({ stamps: [stamp] }) => stamp?.receipt).slice(2)).toEqual([undefined, 'of older']);
    expect(forged(page.collector.seen)).toEqual([]);
  });
});
