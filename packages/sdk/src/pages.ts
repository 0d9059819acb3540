import type { EventMap, Page } from '@parcours/protocol';
import type { Scope } from './scope.ts';
import { type CleanAddress, cleanAddress } from './scrub.ts';

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

/**
 * Views are told apart by path and listed query keys: taking a campaign's parameters out of the address after landing
 * makes no new page.
 */
export function createPages(
  { location, document }: Pick<Scope, 'location' | 'document'>,
  queryKeys: readonly string[] | undefined,
  capture: Capture,
): Pages {
  let last: string | undefined;
  /** The address that was read last: most events happen where the one before did. */
  let href: string | undefined;
  let address: CleanAddress | undefined;

  const here = (): CleanAddress => {
    if (!address || href !== location?.href) {
      href = location?.href;
      address = cleanAddress(href, queryKeys);
    }
    return address;
  };

  return {
    view(props, again) {
      const { page, campaign } = here();
      if (!page || (!again && last === page)) return;
      // The host is all that is kept of it.
      const referrer = again ? undefined : (last ?? document?.referrer)?.split('/', 3).join('/');
      last = page;
      capture('page_view', props, {
        page: {
          url: campaign ? page + (page.includes('?') ? '&' : '?') + campaign : page,
          title: document?.title,
          referrer,
        },
        campaign,
      });
    },
    here() {
      const { page } = here();
      return page ? { page: { url: page } } : {};
    },
    forget() {
      const isSeen = last !== undefined;
      last = undefined;
      return isSeen;
    },
  };
}
