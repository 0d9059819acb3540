import { describe, expect, it } from 'vitest';
import { observe } from '../testing/observe.ts';
import { createPage } from '../testing/page.ts';
import { createSegment, type SegmentOptions, segment } from './segment.ts';

type Call = unknown[];
type Stub = Call[] & Record<string, (...args: unknown[]) => unknown>;

/** The queue that Segment's inline snippet makes: each method notes its call. */
function snippet(): Stub {
  const analytics = [] as unknown as Stub;
  for (const method of ['track', 'page', 'identify', 'on'])
    analytics[method] = (...args) => {
      analytics.push([method, ...args, { __t: 'bpc', p: '/boots' }]);
      return analytics;
    };
  return analytics;
}

const start = (analytics: unknown, options?: SegmentOptions) => {
  const scope = Object.assign(createPage().scope(), { analytics });
  return { scope, ...observe(options ? createSegment(options) : segment, scope) };
};

describe('segment', () => {
  it('records the calls that the snippet noted, before and from now on', () => {
    const analytics = snippet();
    analytics.track!('Product Viewed', { product_id: 'a' });
    const { seen, stop } = start(analytics);
    expect(analytics.track!('Fitting Booked', { store: 'lyon-2' })).toBe(analytics);
    stop();
    analytics.track!('After');
    expect(seen).toEqual([
      ['view_item', { items: [{ item_id: 'a' }] }],
      ['fitting_booked', { store: 'lyon-2' }],
    ]);
    expect(analytics).toHaveLength(3);
  });

  it('takes neither persons nor page views, unless it is to count those', () => {
    const analytics = snippet();
    const { seen } = start(analytics);
    analytics.identify!('user-1', { email: 'jane@mail.example' });
    analytics.page!('Boots');
    analytics.track!(7);
    analytics.track!('---');
    expect(seen).toEqual([]);
    const counting = start(snippet(), { pageViews: true });
    (counting.scope as unknown as { analytics: Stub }).analytics.page!('Boots');
    expect(counting.seen).toEqual([['page_view', undefined]]);
  });

  it('makes no object that the page does not have', () => {
    const { scope } = start(undefined);
    expect((scope as { analytics?: unknown }).analytics).toBeUndefined();
  });

  it('leaves the library alone', () => {
    const library = { track: () => 'sent', on: () => {} };
    expect(start(library).seen).toEqual([]);
    expect(library.track()).toBe('sent');
  });
});
