import { beforeEach, describe, expect, it, vi } from 'vitest';
import { pass } from '../testing/page.ts';
import { openTracker, page, tracker, visitInEachTest } from '../testing/visit.ts';
import { createScroll, scroll } from './scroll.ts';

const root = document.documentElement;

const size = (scrollHeight: number, clientHeight: number): void => {
  Object.defineProperties(root, {
    scrollHeight: { value: scrollHeight, configurable: true },
    clientHeight: { value: clientHeight, configurable: true },
  });
};

const scrollTo = async (top: number): Promise<void> => {
  root.scrollTop = top;
  document.dispatchEvent(new Event('scroll'));
  await pass(100);
};

const marks = async () => {
  await pass(1_000);
  return page.collector.events().map(({ type, props }) => `${type} ${props?.percent_scrolled}`);
};

const open = (observer = scroll): void => {
  openTracker({ observers: [observer] });
  tracker.consent({ audience: true });
};

visitInEachTest({ opens: false });
beforeEach(() => {
  history.replaceState({}, '', '/a');
  root.scrollTop = 0;
  size(3_000, 1_000);
});

describe('scroll', () => {
  it('tells each mark once, in order, also those that are jumped over', async () => {
    open();
    for (const top of [499, 500, 0, 500, 1_800, 2_000]) await scrollTo(top);
    expect(await marks()).toEqual(['scroll 25', 'scroll 50', 'scroll 75', 'scroll 90']);
  });

  it('tells nothing short of the first mark', async () => {
    open();
    await scrollTo(499);
    expect(await marks()).toEqual([]);
  });

  it('tells nothing on a page that fits the window', async () => {
    size(1_000, 1_000);
    open();
    await scrollTo(0);
    expect(await marks()).toEqual([]);
  });

  it('looks once a frame', async () => {
    open();
    const look = vi.spyOn(window, 'requestAnimationFrame');
    for (let index = 0; index < 100; index++) document.dispatchEvent(new Event('scroll'));
    expect(look).toHaveBeenCalledTimes(1);
    await pass(100);
    document.dispatchEvent(new Event('scroll'));
    expect(look).toHaveBeenCalledTimes(2);
  });

  it('begins anew on another path, whose first scrolling is the router at work', async () => {
    open();
    await scrollTo(500);
    history.pushState({}, '', '/b');
    await scrollTo(2_000);
    expect(await marks()).toEqual(['scroll 25']);
    await scrollTo(1_000);
    expect(await marks()).toEqual(['scroll 25', 'scroll 25', 'scroll 50']);
  });

  it('begins anew after the back/forward cache, and goes on after a fragment', async () => {
    open();
    await scrollTo(500);
    history.replaceState({}, '', '/a?size=4#f');
    await scrollTo(500);
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    await scrollTo(500);
    expect(await marks()).toEqual(['scroll 25', 'scroll 25']);
  });

  it('takes other marks', async () => {
    open(createScroll({ marks: [10] }));
    await scrollTo(2_000);
    expect(await marks()).toEqual(['scroll 10']);
  });

  it('tells nothing after the stop', async () => {
    open();
    tracker.stop();
    await pass(1);
    await scrollTo(2_000);
    expect(await marks()).toEqual([]);
  });
});
