/** The tracker where there is no document: workers, sandboxed pixels, anything with `fetch`. Nothing happens at import. */
import type { TrackerOptions } from './options.ts';
import type { Scope } from './scope.ts';
import { createTracker as createPageTracker } from './tracker.ts';
import type { Tracker } from './tracker_types.ts';

export type { BrowserPolicy, Choice, EventMap, EventRecord, Keys, Purpose, Signals } from '@parcours/protocol';
export type { ConsentStatus } from './consent/gate.ts';
export type { ChoiceDetails, ConsentSource, ReportSignals } from './consent/source.ts';
export type { Observer, ObserverContext } from './observers/observer.ts';
export type { TrackerOptions } from './options.ts';
export type { Consent, Identify, Track, Tracker } from './tracker_types.ts';

/** The page that something happened on, as the surroundings tell it. */
export interface PageNow {
  /** Absolute URL. */
  readonly url: string;
  readonly title?: string | undefined;
  /** Absolute URL of the page before, or of the site that led here. */
  readonly referrer?: string | undefined;
}

/** How a tracker without a document is made. */
export interface CoreOptions extends TrackerOptions {
  /** The page as it is now, asked at each event. Default: events without a page, and no page views. */
  readonly page?: (() => PageNow) | undefined;
}

/**
 * Makes a site's tracker, as the main entry does, but that nothing is watched unless observers are given: each page is
 * told by `page()`. What the surroundings lack is done without: no storage means ids for this run, no IndexedDB a queue
 * in memory.
 *
 *     const tracker = createTracker({ endpoint, site, key, page: () => ({ url: init.context.document.location.href }) });
 *     tracker.consent({ audience: init.customerPrivacy.analyticsProcessingAllowed });
 *     analytics.subscribe('page_viewed', () => tracker.page());
 *
 * Throws at a wrong option, and never afterwards.
 */
export function createTracker({ page, ...options }: CoreOptions): Tracker {
  if (page !== undefined && typeof page !== 'function') {
    throw new TypeError('[parcours] option "page" must be a function');
  }
  return createPageTracker({ observers: [], ...options }, surroundings(page));
}

/** What there is around, each part looked up when it is used: some throw where storage is blocked. */
const surroundings = (page: CoreOptions['page']): Scope => {
  /** Where the surroundings fail to tell, events go without a page. */
  const now = (): Partial<PageNow> => {
    try {
      return page?.() ?? {};
    } catch {
      return {};
    }
  };
  const scope = {
    fetch: (...args: Parameters<typeof fetch>) => globalThis.fetch(...args),
    addEventListener: (...args: Parameters<Window['addEventListener']>) => globalThis.addEventListener?.(...args),
    navigator: globalThis.navigator,
    get indexedDB() {
      return globalThis.indexedDB;
    },
    get localStorage() {
      return globalThis.localStorage;
    },
    location: page && {
      get href() {
        return now().url;
      },
    },
    document: page && {
      get title() {
        return now().title;
      },
      get referrer() {
        return now().referrer;
      },
    },
  };
  return scope as unknown as Scope;
};
