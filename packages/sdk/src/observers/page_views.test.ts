import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pass } from '../testing/page.ts';
import { openTracker, page, tracker, visitInEachTest } from '../testing/visit.ts';

const views = () =>
  page.collector
    .events()
    .filter(({ type }) => type === 'page_view')
    .map(({ page, props }) => `${props?.navigation} ${page?.url.slice(location.origin.length)}`);

const open = (options = {}) => openTracker({ observers: undefined, ...options });

visitInEachTest({ opens: false });
beforeEach(() => {
  history.replaceState({}, '', '/a?utm_source=n');
});

describe('page views', () => {
  it.each<[string, () => void, string[]]>([
    ['the load', () => {}, []],
    ['pushState to a new path', () => history.pushState({}, '', '/b'), ['push /b']],
    ['replaceState to a new path', () => history.replaceState({}, '', '/b'), ['replace /b']],
    ['pushState to the same path', () => history.pushState({}, '', '/a?utm_source=n'), []],
    ['utm taken out of the address', () => history.replaceState({}, '', '/a'), []],
    ['another campaign on the same page', () => history.pushState({}, '', '/a?utm_source=z'), []],
    ['a query key that is not listed', () => history.pushState({}, '', '/a?x=1'), []],
    ['a query key that is listed', () => history.pushState({}, '', '/a?q=1'), ['push /a?q=1']],
    ['a fragment', () => history.pushState({}, '', '#f'), []],
    ['a return', () => window.dispatchEvent(new PopStateEvent('popstate')), []],
    [
      'a return to another path',
      () => {
        history.replaceState.call(history, {}, '', '/a?utm_source=n');
        Object.getPrototypeOf(history).replaceState.call(history, {}, '', '/c');
        window.dispatchEvent(new PopStateEvent('popstate'));
      },
      ['pop /c'],
    ],
    ['page() again', () => tracker.page(), []],
    ["track('page_view')", () => tracker.track('page_view', { navigation: 'tab' }), ['tab /a?utm_source=n']],
    [
      'the back/forward cache',
      () => window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })),
      ['bfcache /a?utm_source=n'],
    ],
    ['a first pageshow', () => window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false })), []],
  ])('counts %s', async (_name, happen, expected) => {
    open({ queryKeys: ['utm_source', 'q'] }).consent({ audience: true, ads_measurement: true });
    await pass(1_000);
    happen();
    await pass(1_000);
    expect(views()).toEqual(['load /a?utm_source=n', ...expected]);
  });

  describe('title', () => {
    const titles = () => page.collector.events().map(({ page, occurred_at }) => [page?.title, occurred_at.slice(17)]);
    beforeEach(() => {
      document.title = 'Shop';
      open().consent({ audience: true, ads_measurement: true });
      history.pushState({}, '', '/b');
    });
    afterEach(() => {
      document.title = '';
    });

    it('is the one that a router sets after the address, whose time the view has', async () => {
      await pass(250);
      document.title = 'B';
      await pass(1_000);
      expect(titles()).toEqual([
        ['Shop', '00.000Z'],
        ['B', '00.000Z'],
      ]);
    });

    it.each<[string, () => unknown]>([
      ['another event', () => tracker.track('x')],
      ['another page', () => history.pushState({}, '', '/c')],
      ['a flush', () => tracker.flush()],
      ['the end of the page', () => window.dispatchEvent(new Event('pagehide'))],
      ['another person', () => tracker.reset()],
    ])('is not waited for beyond %s', async (_name, happen) => {
      happen();
      document.title = 'Later';
      await pass(2_000);
      const [, view, next] = page.collector.events();
      expect([view?.page?.url.slice(location.origin.length), view?.page?.title]).toEqual(['/b', 'Shop']);
      if (next?.type === 'x') expect(next.page_view_id).toBe(view?.event_id);
    });

    it('is waited for by each view in full, however soon it comes after another', async () => {
      await pass(200);
      history.pushState({}, '', '/c');
      await pass(250);
      document.title = 'C';
      await pass(1_000);
      expect(titles().map(([title]) => title)).toEqual(['Shop', 'Shop', 'C']);
    });

    it('is waited for by no view that was refused meanwhile', async () => {
      tracker.consent({});
      tracker.consent({ audience: true, ads_measurement: true });
      await pass(2_000);
      expect(views().slice(-1)).toEqual(['load /b']);
      expect(views().filter((view) => view.endsWith('/b'))).toHaveLength(1);
    });
  });

  it('comes before the events of a page that a router shows first', async () => {
    open().consent({ audience: true, ads_measurement: true });
    await pass(1_000);
    Object.getPrototypeOf(history).replaceState.call(history, {}, '', '/c');
    tracker.track('view_item', { items: [] } as never);
    window.dispatchEvent(new PopStateEvent('popstate'));
    await pass(2_000);
    const [, view, item] = page.collector.events();
    expect([view, item].map((event) => `${event?.type} ${event?.page?.url.slice(-2)}`)).toEqual([
      'page_view /c',
      'view_item /c',
    ]);
    expect(item?.page_view_id).toBe(view?.event_id);
    expect(views()).toEqual(['load /a?utm_source=n', 'pop /c']);
  });

  it('names the host of the page before as referrer, and none for a return', async () => {
    open().consent({ audience: true, ads_measurement: true });
    history.pushState({}, '', '/b');
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    await pass(1_000);
    expect(page.collector.events().map(({ page }) => page?.referrer)).toEqual(['', location.origin, undefined]);
  });

  it('keeps the landing campaign of a page that was held, with one view', async () => {
    open();
    for (let index = 0; index < 60; index++) tracker.track('t');
    history.replaceState({}, '', '/a');
    await pass(10_000);
    tracker.consent({ audience: true, ads_measurement: true });
    await pass(1_000);
    expect(views()).toEqual(['load /a?utm_source=n']);
    expect(page.collector.accepted[0]?.dropped).toEqual([{ code: 'hold_full', count: 11 }]);
  });

  it('counts the present page once after a denial that had purged it, and not again', async () => {
    open().consent({ audience: false });
    history.pushState({}, '', '/b');
    history.pushState({}, '', '/c');
    tracker.consent({ audience: true, ads_measurement: true });
    tracker.consent({ audience: true, crm_join: true });
    await pass(1_000);
    expect(views()).toEqual(['load /c']);
    expect(page.collector.events()[0]?.page?.referrer).toBe('');
  });

  it('counts nothing by itself without the observer', async () => {
    open({ observers: [] }).consent({});
    tracker.consent({ audience: true, ads_measurement: true });
    history.pushState({}, '', '/b');
    await pass(1_000);
    expect(views()).toEqual([]);
  });

  it('puts the history back at its stop, unless another script has patched it since', async () => {
    const { pushState, replaceState } = history;
    open().consent({ audience: true, ads_measurement: true });
    const ours = history.replaceState;
    expect(ours).not.toBe(replaceState);
    const theirs: typeof ours = (...args) => ours.apply(history, args);
    history.replaceState = theirs;
    tracker.stop();
    await pass(1_000);
    expect(history.pushState).toBe(pushState);
    expect(history.replaceState).toBe(theirs);
    history.replaceState({}, '', '/after');
    await pass(1_000);
    expect(views()).toEqual(['load /a?utm_source=n']);
    expect(location.pathname).toBe('/after');
    history.replaceState = replaceState;
  });
});
