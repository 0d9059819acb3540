import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Metric } from 'web-vitals';
import { pass } from '../testing/page.ts';
import { openTracker, page, tracker, visitInEachTest } from '../testing/visit.ts';
import { webVitals } from './web_vitals.ts';

/** The library measures what only a real browser renders; here it is its callbacks. */
const callbacks = vi.hoisted(() => new Map<string, (metric: Metric) => void>());
vi.mock('web-vitals', () =>
  Object.fromEntries(
    ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'].map((name) => [
      `on${name}`,
      (report: (metric: Metric) => void) => callbacks.set(name, report),
    ]),
  ),
);

const measured = (name: Metric['name'], value: number, id = `v6-${name}`): void =>
  callbacks.get(name)?.({ name, value, id, rating: 'good', navigationType: 'navigate' } as Metric);

const vitals = async (): Promise<Record<string, unknown>[]> => {
  tracker.consent({ audience: true });
  await pass(1_000);
  return page.collector.events().map(({ type, props }) => ({ type, ...props }));
};

visitInEachTest({ opens: false });
beforeEach(() => {
  callbacks.clear();
  openTracker({ observers: [webVitals] });
});

describe('web vitals', () => {
  it('tells all five, milliseconds whole and CLS with four decimals', async () => {
    measured('TTFB', 12.4);
    measured('FCP', 100.5);
    measured('LCP', 1840.1);
    measured('INP', 56);
    measured('CLS', 0.123456);
    const navigation = 'navigate';
    expect(await vitals()).toEqual([
      { type: 'web_vital', name: 'TTFB', value: 12, rating: 'good', navigation },
      { type: 'web_vital', name: 'FCP', value: 101, rating: 'good', navigation },
      { type: 'web_vital', name: 'LCP', value: 1840, rating: 'good', navigation },
      { type: 'web_vital', name: 'INP', value: 56, rating: 'good', navigation },
      { type: 'web_vital', name: 'CLS', value: 0.1235, rating: 'good', navigation },
    ]);
  });

  it('tells each once a page, and again after the back/forward cache', async () => {
    measured('CLS', 0.1);
    measured('CLS', 0.2);
    measured('CLS', 0.3, 'v6-restored');
    expect((await vitals()).map(({ value }) => value)).toEqual([0.1, 0.3]);
  });

  it('holds what is measured before the choice', async () => {
    measured('LCP', 900);
    await pass(10_000);
    expect(page.collector.seen).toEqual([]);
    expect(await vitals()).toHaveLength(1);
  });

  it('tells nothing after the stop', async () => {
    await vitals();
    tracker.stop();
    await pass(1);
    measured('LCP', 900);
    expect(await vitals()).toEqual([]);
  });
});
