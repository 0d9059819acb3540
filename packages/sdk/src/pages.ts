import type { EventMap, Page } from '@parcours/protocol';
import type { Scope } from './scope.ts';
import { cleanUrl } from './scrub.ts';

/** How a page came: `navigation` of a page view. */
export type Navigation = 'load' | 'push' | 'replace' | 'pop' | 'bfcache';

/** Which page is seen, and whether it was counted already. */
export interface Pages {
  /** Counts the present page, unless it is the last one counted. `again`: counts it all the same, as come from nowhere. */
  view(props: EventMap['page_view'], again?: boolean): void;
  /** Where an event happens that is not a view. */
  here(): Place;
  /** What was counted is gone: the next view is the first. Tells whether there was one. */
  forget(): boolean;
}

/** Where an event happened. */
export interface Place {
  readonly page?: Page | undefined;
  /** The campaign parameters of a page view's address. */
  readonly campaign?: string | undefined;
}

export type Capture = (type: string, props: unknown, place: Place) => void;

/** The parameters of a campaign in an address. */
const CAMPAIGN = /&utm_[^&]*/g;

/**
 * Views are told apart by path and listed query keys, but for campaign parameters: taking `utm_` out of the address after
 * landing makes no new page.
 */
export function createPages(
  { location, document }: Pick<Scope, 'location' | 'document'>,
  queryKeys: readonly string[] | undefined,
  capture: Capture,
): Pages {
  let previous: string | undefined;
  let lastKey: string | undefined;

  const address = (): string => cleanUrl(location?.href, queryKeys);

  return {
    view(props, again) {
      const url = address();
      const flat = url.replace('?', '&');
      const key = flat.replace(CAMPAIGN, '');
      if (!url || (!again && lastKey === key)) return;
      lastKey = key;
      const referrer = again ? undefined : (previous ?? cleanUrl(document?.referrer, queryKeys));
      previous = url;
      capture('page_view', props, {
        page: { url, title: document?.title, referrer },
        campaign: flat.match(CAMPAIGN)?.join(),
      });
    },
    here() {
      const url = address();
      return url ? { page: { url } } : {};
    },
    forget() {
      const isSeen = lastKey !== undefined;
      previous = lastKey = undefined;
      return isSeen;
    },
  };
}
