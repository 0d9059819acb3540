import { listenUntil } from '../scope.ts';
import type { Observer } from './observer.ts';

/** Settings of the scroll observer. */
export interface ScrollOptions {
  /** Percent of the way down at which to tell, ascending. Default: 25, 50, 75, 90. */
  readonly marks?: readonly number[] | undefined;
}

/** Source: GA4 enhanced measurement tells 90 alone; the quarters show where the others turned back. */
const MARKS: readonly number[] = [25, 50, 75, 90];

/**
 * How far down the page was scrolled, as a share of the way there is to scroll: `scroll` once at each mark and page. A
 * page that fits the window tells nothing. Looks once a frame and only while the page is scrolled.
 *
 * A new page is another path, or a return from the back/forward cache. The first scrolling on another path is taken for
 * the router's own, up to the top or to where the visitor was, and counts nothing. Only the document is watched, not
 * boxes that scroll in it.
 */
export const createScroll =
  ({ marks = MARKS }: ScrollOptions = {}): Observer =>
  ({ track, scope, signal }) => {
    const { document, location } = scope;
    const listen = listenUntil(signal);
    let path = location?.pathname;
    let reached = 0;
    let isDue = false;

    const look = (): void => {
      isDue = false;
      if (path !== location?.pathname) {
        path = location?.pathname;
        reached = 0;
        return;
      }
      const { scrollTop, scrollHeight, clientHeight } = document!.scrollingElement ?? document!.documentElement;
      const percent = (100 * scrollTop) / (scrollHeight - clientHeight);
      while (percent >= marks[reached]!) track('scroll', { percent_scrolled: marks[reached++] });
    };

    listen(document, 'scroll', () => {
      if (isDue) return;
      isDue = true;
      document!.defaultView!.requestAnimationFrame(look);
    });
    listen<PageTransitionEvent>(scope, 'pageshow', ({ persisted }) => {
      if (persisted) reached = 0;
    });
  };

/** Scrolling, told at the usual marks. */
export const scroll: Observer = createScroll();
