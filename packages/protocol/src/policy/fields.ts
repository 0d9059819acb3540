import { JOIN_KEYS } from '../keys.ts';

/** The fields that can be gated, by their columns; a name that no gate asks for would protect nothing. */
export const COLUMN_FIELDS = [
  'visitor_id',
  'session_id',
  'page_view_id',
  'url',
  'title',
  'referrer_host',
  'utm_*',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'utm_id',
  'click_id',
  'place_id',
  'order_id',
  'amount_minor',
  'currency',
  'keys.*',
  ...Object.keys(JOIN_KEYS).map((key) => `keys.${key}`),
  'props.*',
] as const;

/** Those that the collector makes: of an event, or of what the request tells once for all events of a batch. */
export const MADE_FIELDS = ['path', 'channel', 'device', 'browser', 'os', 'country', 'ip_prefix'] as const;

/** Every name but those of properties. */
export const FIELD_NAMES = [...COLUMN_FIELDS, ...MADE_FIELDS] as const;

const known: ReadonlySet<string> = new Set(FIELD_NAMES);

/** Whether a policy may name a field: a column that can be gated, or a property of any name. */
export const isField = (name: string): boolean => known.has(name) || /^props\.[^\s*]{1,64}$/.test(name);
