/** Longer than most: one fault table of the delivery, whose cases share a page and read best in one place. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPage, pass, setHidden } from './testing/page.ts';
import type { Tracker } from './tracker_types.ts';

let page: ReturnType<typeof createPage>;
let tracker: Tracker;

const types = () => page.collector.events().map(({ type }) => type);
const grant = (options = {}, overrides = {}): void => {
  tracker = page.open(options, overrides);
  tracker.consent({ audience: true });
};

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  vi.spyOn(Math, 'random').mockReturnValue(1);
  page = createPage();
});
afterEach(async () => {
  setHidden(false);
  page.collector.set('up');
  tracker.consent({});
  tracker.stop();
  await pass(1);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('delivery', () => {
  it('sends the events of a moment in one request, soon', async () => {
    grant();
    tracker.track('a');
    await pass(100);
    tracker.track('b');
    await pass(150);
    expect(page.collector.seen).toHaveLength(1);
    expect(types()).toEqual(['a', 'b']);
  });

  it('sends text/plain with credentials, and able to outlive the page', async () => {
    grant();
    tracker.track('a');
    await pass(250);
    expect(page.collector.inits[0]).toMatchObject({ method: 'POST', keepalive: true, credentials: 'include' });
    expect(page.collector.inits[0]?.headers).toBeUndefined();
    expect(typeof page.collector.inits[0]?.body).toBe('string');
  });

  it.each([
    ['no network', 'down'],
    ['a page of somebody else', 'portal'],
    ['408', { status: 408 }],
    ['429', { status: 429 }],
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['an answer without results', () => ({ results: null as never })],
    ['an answer about another event', () => ({ results: [{ event_id: 'other', status: 'accepted' as const }] })],
    ['retry', () => ({ results: [{ event_id: null, status: 'retry' as const }] })],
  ] as const)('tries again after %s, with the same id and time', async (_name, weather) => {
    page.collector.set(weather);
    grant();
    tracker.track('a');
    await pass(250);
    page.collector.set('up');
    await pass(1_100);
    const sent = page.collector.seen.flatMap((batch) => batch.events);
    expect(types().at(-1)).toBe('a');
    expect(new Set(sent.map(({ event_id, occurred_at }) => event_id + occurred_at)).size).toBe(1);
    const count = page.collector.seen.length;
    await pass(60_000);
    expect(page.collector.seen).toHaveLength(count);
  });

  it.each([400, 401, 404, 415, 422])('takes %i for final: counted, reported, and the queue goes on', async (status) => {
    const dropped: unknown[] = [];
    page.collector.set({ status });
    grant({ onDrop: (drop: unknown) => dropped.push(drop) });
    tracker.track('a');
    await pass(250);
    page.collector.set('up');
    tracker.track('b');
    await pass(1_000);
    expect(types()).toEqual(['b']);
    expect(dropped).toEqual([{ code: 'refused', count: 1 }]);
    expect(page.collector.accepted[0]?.dropped).toEqual([{ code: 'refused', count: 1 }]);
  });

  it.each(['duplicate', 'filtered'] as const)('forgets what is %s', async (status) => {
    page.collector.set((batch) => ({ results: batch.events.map(({ event_id }) => ({ event_id, status })) }));
    grant();
    tracker.track('a');
    await pass(60_000);
    expect(page.collector.seen).toHaveLength(1);
    expect(page.disks.items(page.name)).toEqual([]);
  });

  it('settles each event by its own result', async () => {
    const once = vi.fn();
    grant();
    tracker.onDrop(once);
    for (const type of ['ok', 'bad', 'later']) tracker.track(type);
    page.collector.set((batch) => ({
      results: batch.events.map(({ event_id, type }) => ({
        event_id,
        status: type === 'ok' ? 'accepted' : type === 'bad' ? 'failed' : 'retry',
      })),
    }));
    await pass(250);
    page.collector.set('up');
    await pass(1_100);
    expect(page.collector.seen.at(-1)?.events.map(({ type }) => type)).toEqual(['later']);
    expect(page.collector.seen.at(-1)?.dropped).toEqual([{ code: 'failed', count: 1 }]);
    expect(once).toHaveBeenCalledExactlyOnceWith({ code: 'failed', count: 1 });
  });

  it('halves a batch that is too large, down to the one event that is', async () => {
    const dropped = vi.fn();
    page.collector.set((batch) => (batch.events.some(({ type }) => type === 't0') ? { status: 413 } : 'up'));
    grant({ onDrop: dropped });
    for (let index = 0; index < 4; index++) tracker.track(`t${index}`);
    await pass(5_000);
    expect(page.collector.seen.slice(0, 3).map(({ events }) => events.length)).toEqual([4, 2, 1]);
    expect(types()).toEqual(['t1', 't2', 't3']);
    expect(dropped).toHaveBeenCalledExactlyOnceWith({ code: 'refused', count: 1 });
  });

  it('waits longer each time, at most 30 s while the page is visible', async () => {
    page.collector.set({ status: 503 });
    grant();
    tracker.track('a');
    const tries: number[] = [];
    let count = 0;
    for (let ms = 0; ms < 120_000; ms += 100) {
      await pass(100);
      if (page.collector.seen.length > count) {
        count = page.collector.seen.length;
        tries.push(ms);
      }
    }
    const gaps = tries.slice(1).map((ms, index) => ms - tries[index]!);
    expect(gaps).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it.each([
    ['seconds', '90'],
    ['a date', 'Sun, 22 Nov 2026 10:01:30 GMT'],
  ])('keeps to a Retry-After in %s, whatever happens on the page', async (_form, retryAfter) => {
    page.collector.set({ status: 503, retryAfter });
    grant();
    tracker.track('a');
    await pass(250);
    page.collector.set('up');
    tracker.track('b');
    window.dispatchEvent(new Event('online'));
    setHidden(true);
    setHidden(false);
    await tracker.flush();
    await pass(89_000);
    expect(page.collector.seen).toHaveLength(1);
    await pass(1_500);
    expect(types()).toEqual(['a', 'b']);
  });

  it.each([
    ['the network returns', () => window.dispatchEvent(new Event('online'))],
    ['the page is shown', () => setHidden(false)],
    ['the page comes back', () => window.dispatchEvent(new Event('pageshow'))],
    ['it is told to flush', () => tracker.flush()],
  ])('tries at once when %s', async (_name, happen) => {
    page.collector.set('down');
    grant();
    tracker.track('a');
    await pass(8_000);
    page.collector.set('up');
    void happen();
    await pass(1);
    expect(types()).toEqual(['a']);
  });

  it('gives up a request that hangs for 30 s', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), ms);
      return controller.signal;
    });
    page.collector.set('hang');
    grant();
    tracker.track('a');
    await pass(30_000);
    expect(page.collector.seen).toHaveLength(1);
    page.collector.set('up');
    await pass(2_000);
    expect(types()).toEqual(['a']);
    expect(timeout).toHaveBeenCalledWith(30_000);
  });

  it('hands over at once when the page is hidden, and nothing twice', async () => {
    grant();
    tracker.track('a');
    setHidden(true);
    window.dispatchEvent(new Event('pagehide'));
    expect(page.collector.seen).toHaveLength(1);
    await pass(1_000);
    expect(types()).toEqual(['a']);
  });

  it('hands over at most what may outlive the page', async () => {
    page.collector.set('hang');
    grant();
    for (let index = 0; index < 12; index++) tracker.track('big', { text: 'x'.repeat(9_000) });
    setHidden(true);
    const bytes = page.collector.inits.reduce((sum, { body }) => sum + (body as string).length, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(65_536);
  });

  it('hands over in as many requests as it takes', async () => {
    grant();
    for (let index = 0; index < 120; index++) tracker.track('t');
    setHidden(true);
    expect(page.collector.seen.map(({ events }) => events.length)).toEqual([100, 20]);
  });

  it('turns to a beacon where the browser refuses, and keeps the events', async () => {
    page.collector.set('down');
    grant();
    tracker.track('a');
    await pass(1);
    setHidden(true);
    await pass(1);
    expect(page.beacon).toHaveBeenCalledTimes(1);
    expect(page.disks.items(page.name)).toHaveLength(1);
  });

  it('splits what is much: at most 100 events and 60 KB a request', async () => {
    grant();
    for (let index = 0; index < 250; index++) tracker.track('t', { index });
    for (let index = 0; index < 5; index++) tracker.track('big', { text: 'x'.repeat(20_000) });
    await pass(500);
    expect(types()).toHaveLength(255);
    for (const [index, { events }] of page.collector.seen.entries()) {
      expect(events.length).toBeLessThanOrEqual(100);
      expect(String(page.collector.inits[index]?.body).length).toBeLessThan(65_536);
    }
  });

  it('sends what an earlier page left, with its own stamp', async () => {
    page.collector.set('down');
    grant();
    tracker.track('left');
    await pass(1_000);
    tracker.stop();
    await pass(1);
    page.collector.set('up');
    grant();
    tracker.track('now');
    await pass(400);
    expect(types()).toEqual(['left', 'now']);
    const [batch] = page.collector.accepted;
    expect(batch?.stamps).toHaveLength(2);
    expect(batch?.events.map(({ stamp }) => stamp)).toEqual([0, 1]);
  });

  it('shares the queue between tabs without sending twice', async () => {
    page.collector.set('down');
    grant();
    const other = page.open();
    other.consent({ audience: true });
    for (const [index, tab] of [tracker, other, tracker, other].entries()) tab.track(`t${index}`);
    await pass(1_000);
    page.collector.set('up');
    window.dispatchEvent(new Event('online'));
    await pass(2_000);
    expect(types().sort()).toEqual(['t0', 't1', 't2', 't3']);
    other.stop();
  });

  it.each([
    ['locks are absent', {}],
    ['locks are blocked', { locks: { request: () => Promise.reject(new DOMException('', 'SecurityError')) } }],
  ])('sends where %s', async (_name, navigator) => {
    grant({}, { navigator: navigator as unknown as Navigator });
    tracker.track('a');
    await pass(400);
    expect(types()).toEqual(['a']);
  });
});
