import type { EventRecord } from '../batch.ts';
import type { FilteredCode } from '../reasons.ts';
import type { SiteRules } from './policy.ts';
import type { Purpose } from './purposes.ts';

/**
 * Measurement that French law exempts from consent, by the CNIL's conditions: three types of events (view, interaction,
 * performance), the page's path, the host that led there, major versions, a coarse screen, and nothing that tells one visitor
 * from another. Sources: CNIL délib. 2020-091, art. 5; CNIL, page on audience measurement of 4 July 2025; the CNIL's guide for
 * developers, sheet 17.
 */
export const EXEMPT: Purpose = 'audience_exempt';

/** Of each type that is taken, the properties that are. */
export const EXEMPT_PROPS: Readonly<Record<string, readonly string[]>> = {
  page_view: [],
  click: ['element', 'role'],
  web_vital: ['name', 'value', 'rating'],
};

/** Classes of a screen by the width of the window, in CSS pixels. */
export const SCREENS = ['small', 'medium', 'large'] as const;

export type Screen = (typeof SCREENS)[number];

/** Under 600 pixels small, under 1,200 medium, else large. */
export const screenOf = (width: number): Screen => (width < 600 ? 'small' : width < 1_200 ? 'medium' : 'large');

/** What is told of an event without consent. */
export interface ExemptEvent extends Pick<EventRecord, 'event_id' | 'type' | 'occurred_at' | 'stamp'> {
  /** Its address without query, its referrer an origin, no title. */
  readonly page?: { readonly url: string; readonly referrer?: string | undefined } | undefined;
  readonly props: { readonly screen?: Screen | undefined; readonly [name: string]: unknown };
}

/** Whether a site measures without consent under its rules, for a browser that sends Global Privacy Control or does not. */
export const isExemptOpen = (
  { preset, purposes, gpc_removes }: Pick<SiteRules, 'preset' | 'purposes' | 'gpc_removes'>,
  gpc: boolean,
): boolean => preset !== undefined && purposes[EXEMPT]?.basis === 'exempt' && !(gpc && gpc_removes.includes(EXEMPT));

/** Whether a stamp, of whatever shape, says that what is under it was told without consent. */
export function isExemptStamp(stamp: unknown): boolean {
  const purposes = (stamp as { readonly purposes?: unknown } | null | undefined)?.purposes;
  return Array.isArray(purposes) && purposes.length === 1 && purposes[0] === EXEMPT;
}

/**
 * All that may be told of an event without consent, whatever else it has. The same in the browser and in the collector, which
 * believes no browser.
 */
export function reduceToExempt(
  event: Pick<EventRecord, 'event_id' | 'type' | 'occurred_at' | 'stamp' | 'page' | 'props'>,
): { readonly event: ExemptEvent; readonly code?: undefined } | { readonly code: FilteredCode } {
  const { event_id, type, occurred_at, stamp, page, props = {} } = event;
  if (!Object.hasOwn(EXEMPT_PROPS, type)) return { code: 'event_not_allowed' };
  const kept: Record<string, unknown> = {};
  for (const name of EXEMPT_PROPS[type] ?? []) if (props[name] !== undefined) kept[name] = props[name];
  if (SCREENS.includes(props.screen as Screen)) kept.screen = props.screen;
  const url = page && placeOf(page.url);
  const referrer = page?.referrer === undefined ? undefined : originOf(page.referrer);
  return {
    event: {
      ...{ event_id, type, occurred_at, stamp },
      ...(url !== undefined && { page: { url, ...(referrer !== undefined && { referrer }) } }),
      props: kept,
    },
  };
}

/** Without query, fragment, user and password; nothing of what is no address of the web. */
const placeOf = (href: string): string | undefined => {
  const url = parse(href);
  return url && `${url.origin}${url.pathname}`;
};

const originOf = (href: string): string | undefined => parse(href)?.origin;

function parse(href: string): URL | undefined {
  try {
    const url = new URL(href);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
  } catch {
    return undefined;
  }
}
