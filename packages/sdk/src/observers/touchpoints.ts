import { clip } from './clip.ts';
import type { Observer } from './observer.ts';

/** How touchpoints are told. */
export interface TouchpointOptions {
  /**
   * Hosts that do not refer, with all below them, besides the page's own (taken without `www.`): the shop's others, and
   * those that only send a visitor back, such as a payment page. Default: none.
   */
  readonly hosts?: readonly string[] | undefined;
}

/** Names of the ids that advertisers put on their links. Their values would follow a person: they are not read. */
const CLICK_ID = /[?&](gclid|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|twclid|li_fat_id|epik|ScCid)=/;

/** Characters that are kept of a value: the wire's limit for ids. */
const VALUE_CHARS = 200;

/**
 * What brought the visitor, told beside the page view that it brought: a code or a place of a store (`pc_code`,
 * `pc_place`), a campaign (`utm_…`), an advertiser's click id, or another site. One event at most for a load, whose kind
 * is the first of these that is there, with what is known of the others.
 *
 * A page that the back button loads again is no new touch; a reload is one, since consent banners reload.
 * Put it after `pageViews` in the list of observers: then it carries the id of that view.
 */
export const createTouchpoints =
  ({ hosts = [] }: TouchpointOptions = {}): Observer =>
  ({ track, scope: { document, location } }) => {
    const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (!document || !location || load?.type === 'back_forward') return;
    const { host, search } = location;
    const query = new URLSearchParams(search);
    const value = (key: string) => clip(query.get(key) ?? '', VALUE_CHARS) || undefined;
    const from = document.referrer.split('/')[2];
    const isOwn = [host.replace(/^www\./, ''), ...hosts].some((own) => `.${from}`.endsWith(`.${own}`));
    const referrer = isOwn ? undefined : from;
    const props = {
      source: value('utm_source'),
      medium: value('utm_medium'),
      campaign: value('utm_campaign'),
      term: value('utm_term'),
      content: value('utm_content'),
      click_id: CLICK_ID.exec(search)?.[1],
      place_id: value('pc_place'),
      code: value('pc_code'),
    };
    const kind =
      (props.code && 'code') ||
      (props.place_id && 'place') ||
      ((props.source || props.medium || props.campaign) && 'campaign') ||
      (props.click_id && 'click_id') ||
      (referrer && 'referrer');
    if (kind) track('touchpoint', { kind, ...props, source: props.source ?? referrer });
  };

/** Touchpoints, with no hosts but the page's own. */
export const touchpoints: Observer = createTouchpoints();
