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
  /** Captures the view that waits for its title, if one does. */
  settle(): void;
}

/** Where an event happened. */
export interface Place {
  readonly page?: Page | undefined;
  /** The campaign parameters of a page view's address, where the visitor came from elsewhere. */
  readonly campaign?: string | undefined;
  /** When, in ms since the epoch. Default: now. */
  readonly at?: number | undefined;
}

/** For how long a view waits for its title, in ms. Routers set it within 50, and within 250 where they load the page first. */
const TITLE_MS = 300;

export type Capture = (type: string, props: unknown, place: Place) => void;

/** All that is kept of a referrer. */
const originOf = (url: string | undefined): string | undefined => url?.split('/', 3).join('/');

/**
 * Views are told apart by path and listed query keys: taking a campaign's parameters out of the address after landing
 * makes no new page.
 *
 * A router changes the address first, and the title when it has rendered. So a view of another page in the same document
 * has the time of its address and waits for its title, as does the first one where there is none yet, unless something
 * else happens, which takes it along as it is.
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
  let waiting: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const here = (): CleanAddress => {
    if (!address || href !== location?.href) {
      href = location?.href;
      address = cleanAddress(href, queryKeys);
    }
    return address;
  };

  const settle = (): void => {
    clearTimeout(timer);
    const view = waiting;
    waiting = undefined;
    view?.();
  };

  const view: Pages['view'] = (props, again) => {
    const { page, campaign } = here();
    if (!page || (!again && last === page)) return;
    settle();
    const at = Date.now();
    const isTitled = !document?.head || ((again || !last) && document.title);
    const referrer = again ? undefined : originOf(last ?? document?.referrer);
    last = page;
    const url = campaign ? page + (page.includes('?') ? '&' : '?') + campaign : page;
    waiting = () =>
      capture('page_view', props, {
        page: { url, title: document?.title, referrer },
        // One that a link of the site itself has carried along has begun its session before.
        campaign: referrer === originOf(page) ? undefined : campaign,
        at,
      });
    if (isTitled) settle();
    else timer = setTimeout(settle, TITLE_MS);
  };

  return {
    settle,
    view,
    here() {
      // A router that hears of a step in the history before we do has events of the page before its view.
      if (last) view({ navigation: 'pop' });
      settle();
      const { page } = here();
      return { page: page ? { url: page } : undefined };
    },
    forget() {
      const isSeen = last !== undefined;
      last = waiting = undefined;
      return isSeen;
    },
  };
}
