import { captureUntil } from './capture.ts';
import type { ObserverContext } from './observer.ts';

/** The part of `NavigateEvent` that is read. */
interface Navigating extends Event {
  readonly destination: { readonly url: string; readonly sameDocument: boolean };
}

/** An address without query and fragment. */
const pageOf = (address: string): string => address.split(/[?#]/)[0]!;

/**
 * Tells each time that the visitor leaves the page: hides it, goes, or goes to another path of the same document. The
 * last is told before the address changes, so that what is recorded belongs to the page that is left, and only by
 * browsers with the Navigation API: elsewhere the page counts on until it is hidden.
 * Source: HTML, 7.2.6 the navigation API.
 *
 * One leaving may be told more than once, as `pagehide` and then `visibilitychange`. Told on the way down, before the
 * queue is handed over.
 */
export const onLeaving = ({ scope, signal }: Pick<ObserverContext, 'scope' | 'signal'>, leaving: () => void): void => {
  const { document, location } = scope;
  const listen = captureUntil(signal);
  listen(scope, 'pagehide', leaving);
  listen(document, 'visibilitychange', () => document!.hidden && leaving());
  listen<Navigating>((scope as { navigation?: EventTarget }).navigation, 'navigate', ({ destination }) => {
    if (destination.sameDocument && pageOf(destination.url) !== pageOf(location!.href)) leaving();
  });
};
