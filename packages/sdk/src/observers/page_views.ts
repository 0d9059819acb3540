import type { Navigation } from '../pages.ts';
import { listenUntil } from '../scope.ts';
import type { Observer } from './observer.ts';

/**
 * Page views: the load, a prerendered page when it is shown, history changes, and a return from the back/forward cache.
 * A change of the fragment alone is none.
 */
export const pageViews = (): Observer => ({
  name: 'page_views',
  start({ view, scope, signal }) {
    const { document, history } = scope;
    const listen = listenUntil(signal);

    const patch = (method: 'pushState' | 'replaceState', navigation: Navigation): void => {
      if (!history) return;
      const original = history[method];
      const patched: History['pushState'] = function (this: History, ...args) {
        original.apply(this, args);
        if (!signal.aborted) view(navigation);
      };
      history[method] = patched;
      signal.addEventListener('abort', () => {
        // Where another script has patched over ours, ours stays and only passes on.
        if (history[method] === patched) history[method] = original;
      });
    };

    patch('pushState', 'push');
    patch('replaceState', 'replace');
    listen(scope, 'popstate', () => view('pop'));
    listen<PageTransitionEvent>(scope, 'pageshow', ({ persisted }) => persisted && view('bfcache', true));
    listen(document, 'prerenderingchange', () => view('prerender'));
    view('load');
  },
});
