import { fromSegment } from '../dialects/segment.ts';
import type { Observer } from './observer.ts';
import { onPush } from './pushes.ts';

export { fromSegment } from '../dialects/segment.ts';

export interface SegmentOptions {
  /** Name of Segment's object in the page. Default: `analytics`. */
  readonly name?: string | undefined;
  /** ISO 4217, for events that have a value and name no currency. Default: none, and such events fail. */
  readonly currency?: string | undefined;
  /** Count `analytics.page()`: then leave the observer of page views out. Default: false, and it is ignored. */
  readonly pageViews?: boolean | undefined;
}

/**
 * Takes over the calls of a page that was written for Segment: keep the inline snippet and take its `analytics.load(…)`
 * away. What the snippet's methods note in their queue, before us and from then on, is recorded here: `track` as
 * `fromSegment` says it. `identify`, `group`, `alias` and `reset` are not taken: say `tracker.identify` and
 * `tracker.reset` where the visitor logs in and out.
 *
 * Where Segment's library is loaded as well, it takes the queue away: then hand on its own events,
 * `analytics.on('track', (name, properties) => tracker.track(...fromSegment(name, properties)))`.
 */
export const createSegment =
  ({ name = 'analytics', currency, pageViews }: SegmentOptions = {}): Observer =>
  (context) => {
    const heard = (entry: object): void => {
      const [method, said, properties] = entry as readonly unknown[];
      if (method === 'page' && pageViews) context.track('page_view');
      if (method !== 'track' || typeof said !== 'string') return;
      const [type, props] = fromSegment(said, properties, currency);
      if (type) context.track(type, props);
    };
    // Made by us it would be without methods, and a page that looks for it would trip over them.
    onPush(context, name, { heard, isMade: false });
  };

/** Segment's `analytics`, with nothing set. */
export const segment: Observer = createSegment();
