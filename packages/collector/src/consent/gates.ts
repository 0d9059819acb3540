import {
  createEventGate,
  type EventRecord,
  type FilteredCode,
  gateEvent,
  LIMITS,
  PURPOSES,
  type Purpose,
  type SiteRules,
} from '@parcours/protocol';
import type { ClientContext, StoredEvent } from '@parcours/store/log';
import { createRecentlyUsed } from '../recently_used.ts';

/** The gate of a set of purposes under a site's rules, made for many events: it looks only where something may be closed. */
export interface Gate {
  /** Whether every field passes. */
  readonly isOpen: boolean;
  /** Columns made from an event that do not pass, whatever they were made from. */
  readonly closedColumns: readonly (keyof StoredEvent)[];
  /** What the request tells of the device, and does not pass. */
  readonly closedClient: readonly (keyof ClientContext)[];
  /** Why an event of this type is not taken. */
  refuses(type: string): FilteredCode | undefined;
  keeps(field: string): boolean;
  /** An event without the fields that do not pass, or why it is not taken. */
  event(
    event: EventRecord,
  ): { readonly event: EventRecord; readonly code?: undefined } | { readonly code: FilteredCode };
}

/** Columns that an event's own fields become; those that it is sent with are gated as they come. */
const MADE = [
  'client_visitor_id',
  'path',
  'title',
  'referrer_host',
  'channel',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'utm_id',
  'place_id',
  'order_id',
  'amount_minor',
  'currency',
] as const satisfies readonly (keyof StoredEvent)[];

const CLIENT = ['ip_prefix', 'device', 'browser', 'os', 'country'] as const satisfies readonly (keyof ClientContext)[];

/** Gates by rules and purposes, each made once: a site has few of them, and a batch asks for one. */
export function createGates(): (rules: SiteRules, permitted: ReadonlySet<Purpose>) => Gate {
  const byRules = new WeakMap<SiteRules, Map<number, Gate>>();
  return (rules, permitted) => {
    let gates = byRules.get(rules);
    if (!gates) {
      gates = new Map();
      byRules.set(rules, gates);
    }
    let key = 0;
    for (let index = 0; index < PURPOSES.length; index++) {
      if (permitted.has(PURPOSES[index] as Purpose)) key |= 1 << index;
    }
    let gate = gates.get(key);
    if (!gate) {
      gate = createGate(rules, new Set(permitted));
      gates.set(key, gate);
    }
    return gate;
  };
}

/** Addresses remembered by a gate, twice as many at most, and the characters of one. */
const URLS = 500;
const URL_CHARS = 500;

function createGate(rules: SiteRules, permitted: ReadonlySet<Purpose>): Gate {
  const gate = createEventGate(rules, permitted);
  // A field that is not listed needs `audience`, without which no event passes: only listed ones can be closed.
  const closed = Object.keys(rules.fields).filter((name) => !rules.fields[name]?.some((each) => permitted.has(each)));
  const closes = (...names: readonly string[]): boolean =>
    closed.some((name) => names.some((each) => (each.endsWith('.') ? name.startsWith(each) : name === each)));
  const ids = closes('visitor_id', 'session_id', 'page_view_id');
  const page = closes('url', 'title', 'referrer_host');
  const query =
    closes('click_id', 'props.click_id', 'place_id', 'keys.qr', 'keys.*') ||
    closed.some((name) => name.startsWith('utm_'));
  const keys = closes('keys.');
  const props = closes('props.', 'order_id', 'amount_minor', 'currency');
  const clickId = closes('click_id');
  /** Whether more than what many events have is closed: then the gate of the protocol looks at all of it. */
  const closesMore = (event: EventRecord): boolean =>
    ids || (page && event.page !== undefined) || (props && event.props !== undefined);
  // Whoever grants the measuring alone closes campaigns and nothing else: many see the same addresses, and few of them have any.
  const urls = createRecentlyUsed<string>(URLS);
  const gateUrl = (url: string): string => {
    const known = urls.get(url);
    if (known !== undefined) return known;
    const gated = gateEvent({ type: '', page: { url } }, { refuses: () => undefined, keeps: gate.keeps });
    const kept = gated.code === undefined ? gated.event.page.url : url;
    if (url.length <= URL_CHARS) urls.set(url, kept);
    return kept;
  };
  const keptKeys = new Map<string, boolean>();
  const keepsKey = (name: string): boolean => {
    let keeps = keptKeys.get(name);
    if (keeps === undefined) {
      keeps = gate.keeps(`keys.${name}`);
      if (keptKeys.size < 100 && name.length <= LIMITS.typeChars) keptKeys.set(name, keeps);
    }
    return keeps;
  };
  /** Join keys, campaigns and click ids, which the built-in rules close: a fraction of the time of a look at everything. */
  const gateFew = (event: EventRecord): EventRecord => {
    let gated = event;
    if (keys && event.keys !== undefined) {
      const kept = openKeys(event.keys, keepsKey);
      if (kept !== event.keys) gated = { ...gated, keys: kept };
    }
    if (clickId && event.props?.click_id !== undefined) {
      const { click_id: _, ...kept } = event.props;
      gated = { ...gated, props: Object.keys(kept).length > 0 ? kept : undefined };
    }
    if (query && event.page?.url.includes('?')) {
      const url = gateUrl(event.page.url);
      if (url !== event.page.url) gated = { ...gated, page: { ...event.page, url } };
    }
    return gated;
  };
  const codes = new Map<string, FilteredCode | undefined>();
  const refuses = (type: string): FilteredCode | undefined => {
    if (codes.has(type)) return codes.get(type);
    const code = gate.refuses(type);
    // As with fields: a stranger may make up types without end, and each of any length.
    if (codes.size < 1_000 && type.length <= LIMITS.typeChars) codes.set(type, code);
    return code;
  };
  return {
    isOpen: closed.length === 0,
    closedColumns: closed.length === 0 ? [] : MADE.filter((column) => !gate.keeps(column)),
    closedClient: closed.length === 0 ? [] : CLIENT.filter((field) => !gate.keeps(field)),
    refuses,
    keeps: gate.keeps,
    event(event) {
      const code = refuses(event.type);
      if (code) return { code };
      if (closed.length === 0) return { event };
      if (closesMore(event)) return gateEvent(event, gate);
      const gated = gateFew(event);
      return gated === event || hasContent(gated) ? { event: gated } : { code: 'consent_denied' };
    },
  };
}

/** The keys that are kept; the object itself where all are, nothing where none is. */
function openKeys(keys: NonNullable<EventRecord['keys']>, keeps: (name: string) => boolean): EventRecord['keys'] {
  let open: Record<string, unknown> | undefined;
  let isWhole = true;
  for (const name in keys) {
    if (keeps(name)) {
      open ??= {};
      open[name] = keys[name as keyof typeof keys];
    } else isWhole = false;
  }
  return isWhole ? keys : (open as EventRecord['keys']);
}

/** Whether anything is left of what an event had to say. */
const hasContent = ({ visitor_id, session_id, page_view_id, page, keys, props }: EventRecord): boolean =>
  (visitor_id ?? session_id ?? page_view_id ?? page ?? keys ?? props) !== undefined;
