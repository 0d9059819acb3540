import { CLICK_IDS } from './click_ids.ts';
import { type SourcePlace, sourcePlace } from './source_category.ts';

/** What a page's address and referrer say about how the visitor came to it. */
export interface Landing {
  /** `utm_source`. */
  readonly source?: string | undefined;
  /** `utm_medium`. */
  readonly medium?: string | undefined;
  /** `utm_campaign`. */
  readonly campaign?: string | undefined;
  /** Host of the referrer, lower case; undefined where there is none or it is the site's own. */
  readonly referrerHost?: string | undefined;
  /** Names of the click ids in the address, as in `CLICK_IDS`. */
  readonly clickIds?: readonly string[] | undefined;
}

/** Source, medium and campaign in GA4's words, lower case, with the listed place that the source is. */
export interface TrafficSource {
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
  readonly place: SourcePlace | undefined;
}

/**
 * Where a visit comes from. What the site's own links say (utm) goes before a click id, and that before the referrer:
 * a search engine is `organic`, a social network `social`, any other host `referral`, nothing `(direct)` / `(none)`.
 */
export function trafficSource({ source, medium, campaign, referrerHost, clickIds }: Landing): TrafficSource {
  const name = campaign?.toLowerCase() ?? '';
  const click = clickIds?.length ? CLICK_IDS.get(clickIds[0]!) : undefined;
  if (source || medium) {
    const stated = source?.toLowerCase() ?? click?.source ?? NOT_SET;
    return {
      source: stated,
      medium: medium?.toLowerCase() ?? click?.medium ?? NOT_SET,
      campaign: name,
      place: sourcePlace(stated),
    };
  }
  if (click) return { ...click, campaign: name, place: sourcePlace(click.source) };
  if (!referrerHost) return { source: '(direct)', medium: '(none)', campaign: name, place: undefined };
  const place = sourcePlace(referrerHost);
  return { source: place?.name ?? withoutWww(referrerHost), medium: mediumOf(place), campaign: name, place };
}

const NOT_SET = '(not set)';

const withoutWww = (host: string): string => (host.startsWith('www.') ? host.slice(4) : host);

function mediumOf(place: SourcePlace | undefined): string {
  if (place?.category === 'search') return 'organic';
  return place?.category === 'social' ? 'social' : 'referral';
}
