import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { observe } from '../testing/observe.ts';
import { createPage, pass } from '../testing/page.ts';
import type { Observer } from './observer.ts';
import { createQuickBack, quickBack } from './quick_back.ts';

/** The history as the Navigation API tells it, which happy-dom has not. */
class History extends EventTarget {
  currentEntry = { index: 0 };
  activation: { from: { index: number } | null } | null | undefined;
  go(path: string, navigationType = 'push', index = this.currentEntry.index + 1, sameDocument = true): void {
    const destination = {
      url: `${location.origin}${path}`,
      index: navigationType === 'push' ? -1 : index,
      sameDocument,
    };
    this.dispatchEvent(Object.assign(new Event('navigate'), { navigationType, destination }));
    if (!sameDocument) return;
    this.currentEntry = { index };
    window.history.replaceState({}, '', path);
  }
}

let navigation: History;
let seen: ReturnType<typeof observe>['seen'];
let stop: () => void;

const start = (observer: Observer = quickBack, overrides: object = { navigation }) => {
  stop?.();
  ({ seen, stop } = observe(observer, { ...createPage().scope(), ...overrides }));
};
const away = async (ms: number, persisted = true) => {
  window.dispatchEvent(new Event('pagehide'));
  await pass(ms);
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  window.history.replaceState({}, '', '/a');
  navigation = new History();
  start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('quick back', () => {
  it.each([
    [1_800, [['quick_back', { dwell_ms: 1_800 }]]],
    [4_999, [['quick_back', { dwell_ms: 4_999 }]]],
    [5_000, []],
  ])('within one document, after %i ms: %j', async (ms, told) => {
    navigation.go('/b');
    await pass(ms);
    navigation.go('/a', 'traverse', 0);
    expect(seen).toEqual(told);
  });

  it.each<[string, () => void]>([
    ['a step forward', () => navigation.go('/c', 'traverse', 2)],
    ['a link to the page before', () => navigation.go('/a')],
    ['a step within the page', () => navigation.go('/b?x=1#y', 'traverse', 0)],
    ['a step to another document', () => navigation.go('/a', 'traverse', 0, false)],
  ])('is not %s', async (_name, leave) => {
    navigation.go('/b');
    await pass(100);
    leave();
    expect(seen).toEqual([]);
  });

  it('is not a second step back, from a page that was not come to but returned to', async () => {
    navigation.go('/b');
    await pass(60_000);
    navigation.go('/c');
    await pass(60_000);
    navigation.go('/b', 'traverse', 1);
    await pass(100);
    navigation.go('/a', 'traverse', 0);
    expect(seen).toEqual([]);
  });

  it('counts the time from the coming of the page, not from steps within it', async () => {
    navigation.go('/b');
    await pass(4_000);
    navigation.go('/b?tab=2');
    await pass(2_000);
    navigation.go('/a', 'traverse', 0);
    expect(seen).toEqual([]);
  });

  it.each([
    ['that does not say where from', undefined, 1],
    ['from a later page', { from: { index: 1 } }, 1],
    ['from an earlier page', { from: { index: -1 } }, 0],
    ['from another origin', { from: null }, 0],
  ])('is a return from the back/forward cache %s: %#', async (_name, activation, count) => {
    navigation.activation = activation;
    await away(900);
    expect(seen).toEqual(count ? [['quick_back', { dwell_ms: 900 }]] : []);
  });

  it('is known from the cache without the Navigation API', async () => {
    start(quickBack, {});
    await away(900);
    expect(seen).toEqual([['quick_back', { dwell_ms: 900 }]]);
  });

  it('is no page loaded anew, nor a late return', async () => {
    await away(900, false);
    await away(5_000);
    expect(seen).toEqual([]);
  });

  it('has a limit of its own where it is given', async () => {
    start(createQuickBack({ withinMs: 500 }));
    await away(500);
    await away(499);
    expect(seen).toEqual([['quick_back', { dwell_ms: 499 }]]);
  });

  it('is not told after the stop', async () => {
    stop();
    await away(1);
    expect(seen).toEqual([]);
  });
});
