import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pass } from './testing/page.ts';
import { page, tracker, types, visitInEachTest } from './testing/visit.ts';

visitInEachTest();

describe('capture', () => {
  beforeEach(() => {
    tracker.consent({ audience: true, ads_measurement: true });
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
    expect(event?.page).toEqual({ url: `${location.origin}/p` });
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

  it('keeps a page view with receipt and policy in a body of 750 bytes', async () => {
    tracker.consent({ audience: true });
    page.collector.set(({ stamps }) => ({ receipts: stamps.map(() => 'receipt-of-22-letters-') }));
    tracker.track('a');
    await pass(1_000);
    history.replaceState({}, '', '/produits/bottes-de-pluie-enfant?utm_source=newsletter');
    document.title = 'Bottes de pluie | La Boutique';
    tracker.page();
    await pass(1_000);
    const body = String(page.collector.inits.at(-1)?.body);
    expect(body).toContain('"receipt":"receipt-of-22-letters-"');
    expect(body.length).toBeLessThanOrEqual(750);
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
