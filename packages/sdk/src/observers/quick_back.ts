import { captureUntil } from './capture.ts';
import type { Observer } from './observer.ts';

/** What counts as quick. */
export interface QuickBackOptions {
  /** Back after less than so many ms. Default: 5,000; Clarity, whose signal it is, does not publish its own. */
  readonly withinMs?: number | undefined;
}

/** A place in the history; `index` is -1 where it is not told. */
interface Entry {
  readonly index: number;
}

/** What is read of the Navigation API. Source: HTML, 7.2.6. */
interface Navigation extends EventTarget {
  readonly currentEntry: Entry | null;
  readonly activation?: { readonly from: Entry | null } | null;
}

interface Navigating extends Event {
  readonly navigationType: 'push' | 'replace' | 'reload' | 'traverse';
  readonly destination: Entry & { readonly url: string; readonly sameDocument: boolean };
}

/** An address without query and fragment. */
const pageOf = (address: string): string => address.split(/[?#]/)[0]!;

/**
 * Pages left for the one before within seconds, as `quick_back`, where it can be known without storage:
 *
 * - Within one document, from the page's coming to the step back, by browsers with the Navigation API. It is recorded on
 *   the page that is left. A page is another path; one that was itself come to by a step in the history is none.
 * - From one document to another, by a return from the back/forward cache: the time away. It is recorded on the page
 *   returned to, before its new view. Browsers that say where the visitor came from do not count steps forward, nor
 *   returns from another origin.
 */
export const createQuickBack =
  ({ withinMs = 5_000 }: QuickBackOptions = {}): Observer =>
  ({ track, scope, signal }) => {
    const { location } = scope;
    const { navigation } = scope as { navigation?: Navigation };
    const listen = captureUntil(signal);
    let cameAt = -Infinity;
    let leftAt = -Infinity;

    const tell = (since: number): void => {
      const dwell = Date.now() - since;
      if (dwell < withinMs) track('quick_back', { dwell_ms: Math.max(0, dwell) });
    };

    listen<Navigating>(navigation, 'navigate', ({ navigationType, destination }) => {
      if (!destination.sameDocument || pageOf(destination.url) === pageOf(location!.href)) return;
      const isBack = navigationType === 'traverse';
      if (isBack && destination.index < navigation!.currentEntry!.index) tell(cameAt);
      cameAt = isBack ? -Infinity : Date.now();
    });

    listen(scope, 'pagehide', () => {
      leftAt = Date.now();
    });
    listen<PageTransitionEvent>(scope, 'pageshow', ({ persisted }) => {
      if (!persisted) return;
      cameAt = -Infinity;
      const activation = navigation?.activation;
      if (!activation || (activation.from?.index ?? -1) > navigation!.currentEntry!.index) tell(leftAt);
    });
  };

/** Quick returns, within five seconds. */
export const quickBack: Observer = (context) => createQuickBack()(context);
