import type { EventRecord } from '../batch.ts';
import { CLICK_IDS } from '../click_ids.ts';
import { LIMITS } from '../limits.ts';
import type { FilteredCode } from '../reasons.ts';
import type { SiteRules } from './policy.ts';
import type { Purpose } from './purposes.ts';

/** The parts of an event that a purpose can be needed for. */
export type Gateable = Pick<
  EventRecord,
  'type' | 'visitor_id' | 'session_id' | 'page_view_id' | 'page' | 'keys' | 'props'
>;

/** What a set of purposes lets through under a site's rules. */
export interface EventGate {
  /** Why an event of this type is not taken; undefined where it is. */
  refuses(type: string): FilteredCode | undefined;
  /** Whether a field may be kept, by its column: `title`, `utm_source`, `keys.customer_id`, `props.search_term`. */
  keeps(field: string): boolean;
}

const NEEDS_AUDIENCE: readonly Purpose[] = ['audience'];

/** Properties that become columns of their own, and are gated under those names. */
const COLUMN_OF: { readonly [property: string]: string } = {
  transaction_id: 'order_id',
  value: 'amount_minor',
  currency: 'currency',
  click_id: 'click_id',
};

/** Whoever names such a column as the property that it was means the same. */
export const PROPERTY_OF: { readonly [column: string]: string } = Object.fromEntries(
  Object.entries(COLUMN_OF).map(([property, column]) => [column, `props.${property}`]),
);

/** The names under which a field may stand in the rules, the nearest first: itself, then `utm_*`, `keys.*` or `props.*`. */
export const namesOf = (field: string): readonly string[] => {
  if (Object.hasOwn(PROPERTY_OF, field)) return [field, PROPERTY_OF[field] as string];
  const group = /^(?:utm_|keys\.|props\.)/.exec(field)?.[0];
  return group ? [field, `${group}*`] : [field];
};

/** The gate of a set of purposes under a site's rules. Its answers are remembered: make it once for many events. */
export function createEventGate(
  { events, fields }: Pick<SiteRules, 'events' | 'fields'>,
  permitted: ReadonlySet<Purpose>,
): EventGate {
  const kept = new Map<string, boolean>();
  const isPermitted = (needed: readonly Purpose[]): boolean => needed.some((purpose) => permitted.has(purpose));
  const judge = (field: string): boolean => {
    const name = namesOf(field).find((each) => Object.hasOwn(fields, each));
    return isPermitted((name === undefined ? undefined : fields[name]) ?? NEEDS_AUDIENCE);
  };
  return {
    refuses(type) {
      if (!permitted.has('audience')) return 'consent_denied';
      const name = [type, '*'].find((each) => Object.hasOwn(events, each));
      if (name === undefined) return 'event_not_allowed';
      return isPermitted(events[name] ?? []) ? undefined : 'consent_denied';
    },
    keeps(field) {
      let keeps = kept.get(field);
      if (keeps === undefined) {
        keeps = judge(field);
        // A stranger may make up names without end, and each of any length.
        if (kept.size < 1_000 && field.length <= LIMITS.stampChars) kept.set(field, keeps);
      }
      return keeps;
    },
  };
}

/** The field that a property is gated under. */
export const propertyField = (name: string): string =>
  Object.hasOwn(COLUMN_OF, name) ? (COLUMN_OF[name] as string) : `props.${name}`;

const CLICK_ID_KEYS: ReadonlySet<string> = new Set(CLICK_IDS);

/** The field that a key of an address's query tells; undefined for one that tells none and goes with the address. */
function queryField(key: string): string | undefined {
  if (key.startsWith('utm_')) return key;
  if (CLICK_ID_KEYS.has(key)) return 'click_id';
  if (key === 'pc_place') return 'place_id';
  return key === 'pc_code' ? 'keys.qr' : undefined;
}

/**
 * An event without the fields that its purposes do not open; the event itself where nothing is taken away. Filtered where
 * its type is not taken, or where nothing is left of what it had to say.
 */
export function gateEvent<E extends Gateable>(
  event: E,
  gate: EventGate,
): { readonly event: E; readonly code?: undefined } | { readonly code: FilteredCode } {
  const code = gate.refuses(event.type);
  if (code) return { code };
  const left: Partial<Record<keyof Gateable, unknown>> = {};
  let isWhole = true;
  for (const id of ['visitor_id', 'session_id', 'page_view_id'] as const) {
    if (event[id] === undefined) continue;
    if (gate.keeps(id)) left[id] = event[id];
    else isWhole = false;
  }
  for (const [part, gated] of [
    ['page', event.page && gatePage(event.page, gate)],
    ['keys', event.keys && gateFields(event.keys, (key) => gate.keeps(`keys.${key}`))],
    ['props', event.props && gateFields(event.props, (name) => gate.keeps(propertyField(name)))],
  ] as const) {
    if (gated !== event[part]) isWhole = false;
    if (gated !== undefined) left[part] = gated;
  }
  if (isWhole) return { event };
  if (Object.keys(left).length === 0) return { code: 'consent_denied' };
  const { visitor_id, session_id, page_view_id, page, keys, props, ...common } = event;
  return { event: { ...common, ...left } as unknown as E };
}

/** The fields that are kept; the object itself where all are, nothing where none is. */
function gateFields<T extends object>(fields: T, keeps: (name: string) => boolean): T | undefined {
  const entries = Object.entries(fields);
  const kept = entries.filter(([name]) => keeps(name));
  if (kept.length === entries.length) return fields;
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as T);
}

function gatePage(page: NonNullable<EventRecord['page']>, gate: EventGate): EventRecord['page'] {
  if (!gate.keeps('url')) return undefined;
  const url = gateQuery(page.url, gate);
  const isTitleKept = page.title === undefined || gate.keeps('title');
  const isReferrerKept = page.referrer === undefined || gate.keeps('referrer_host');
  if (url === page.url && isTitleKept && isReferrerKept) return page;
  const gated = { ...page, url };
  if (!isTitleKept) delete gated.title;
  if (!isReferrerKept) delete gated.referrer;
  return gated;
}

/** An address without the query keys whose field is not kept. */
function gateQuery(url: string, gate: EventGate): string {
  const start = url.indexOf('?');
  if (start < 0) return url;
  const end = url.indexOf('#', start);
  const pairs = url.slice(start + 1, end < 0 ? undefined : end).split('&');
  const kept = pairs.filter((pair) => {
    const field = queryField(decodeKey(pair.split('=', 1)[0] as string));
    return field === undefined || gate.keeps(field);
  });
  if (kept.length === pairs.length) return url;
  const query = kept.length > 0 ? `?${kept.join('&')}` : '';
  return `${url.slice(0, start)}${query}${end < 0 ? '' : url.slice(end)}`;
}

/** Form decoding; what is not well encoded stays as it is. */
function decodeKey(key: string): string {
  if (!key.includes('%') && !key.includes('+')) return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}
