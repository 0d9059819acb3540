import { type Metric, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import type { Observer } from './observer.ts';

/**
 * How the page felt, measured by the `web-vitals` library: LCP, INP, CLS, FCP and TTFB, each told once, when the library
 * calls it final: FCP and TTFB soon after the load, LCP at the first interaction or when the page is hidden, INP and CLS
 * when it is first hidden. What a visitor who comes back adds to these two is not told. A return from the back/forward
 * cache is measured anew, except for FCP and TTFB where the library has none.
 *
 * Milliseconds are whole, CLS has four decimals. INP is missing where nobody interacted, and a browser that lacks a
 * measure leaves it out. The library cannot be ended: after the tracker's stop it measures on and nothing is told.
 */
export const webVitals: Observer = ({ track }) => {
  /** The library's ids of what was told: one a metric and page load, or return from the back/forward cache. */
  const told = new Set<string>();

  const tell = ({ id, name, value, rating, navigationType }: Metric): void => {
    if (told.has(id)) return;
    told.add(id);
    const places = name === 'CLS' ? 1e4 : 1;
    track('web_vital', { name, value: Math.round(value * places) / places, rating, navigation: navigationType });
  };

  for (const measure of [onLCP, onINP, onCLS, onFCP, onTTFB]) measure(tell);
};
