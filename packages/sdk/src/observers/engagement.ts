import { listenUntil } from '../scope.ts';
import { onLeaving } from './leaving.ts';
import type { Observer } from './observer.ts';

/** Less is not worth an event: it is kept for the next time. */
const LEAST_MS = 1_000;

/**
 * For how long the page was in front: visible and in focus, as GA4 counts `engagement_time_msec`. Told when the page is
 * left, as the time since it was last told, where that is a second at least.
 *
 * A click into a frame keeps the focus within the page. The clock stops in the back/forward cache.
 */
export const engagement: Observer = (context) => {
  const { track, scope, signal } = context;
  const { document } = scope;
  const listen = listenUntil(signal);
  let spent = 0;
  /** When the page came in front; none while it is not. */
  let since: number | undefined;

  const stop = (): void => {
    if (since !== undefined) spent += performance.now() - since;
    since = undefined;
  };

  const look = (): void => {
    stop();
    if (document && !document.hidden && document.hasFocus()) since = performance.now();
  };

  const tell = (): void => {
    look();
    if (spent < LEAST_MS) return;
    track('engagement', { engagement_time_msec: Math.round(spent) });
    spent = 0;
  };

  look();
  for (const type of ['focus', 'blur', 'pageshow']) listen(scope, type, look);
  listen(document, 'visibilitychange', look);
  onLeaving(context, tell);
  // After the last word, for a page that goes is not hidden yet.
  listen(scope, 'pagehide', stop);
};
