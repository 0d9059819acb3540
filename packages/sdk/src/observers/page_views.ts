import { listenUntil } from '../scope.ts';
import type { Observer } from './observer.ts';

/**
 * Page views: the load, history changes, and a return from the back/forward cache.
 * A change of the fragment alone is none.
 */
export const pageViews: Observer = ({ view, scope, signal }) => {
  const { history } = scope;
  const listen = listenUntil(signal);

  const patch = (history: History, method: 'pushState' | 'replaceState'): void => {
    const original = history[method];
    const patched: History['pushState'] = function (this: History, ...args) {
      original.apply(this, args);
      if (!signal.aborted) view(method.slice(0, -'State'.length) as 'push' | 'replace');
    };
    history[method] = patched;
    signal.addEventListener('abort', () => {
      // Where another script has patched over ours, ours stays and only passes on.
      if (history[method] === patched) history[method] = original;
    });
  };

  listen(scope, 'popstate', () => view('pop'));
  listen<PageTransitionEvent>(scope, 'pageshow', ({ persisted }) => persisted && view('bfcache', true));
  view('load');
  // Last: it fails where a page has frozen its history, and must take nothing else along.
  if (history) {
    patch(history, 'pushState');
    patch(history, 'replaceState');
  }
};
