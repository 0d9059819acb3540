import type { SeenEvent } from './seen.ts';

/** What an event is asked for: field by text, as in a query string. */
export type Filter = Readonly<Record<string, string>>;

/** Columns that an event can be asked for by; `props.` and `keys.` reach into what is below. */
export const COLUMNS = [
  'event_id',
  'type',
  'site',
  'source',
  'visitor_id',
  'client_visitor_id',
  'session_id',
  'page_view_id',
  'url',
  'path',
  'title',
  'referrer_host',
  'channel',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'place_id',
  'order_id',
  'amount_minor',
  'currency',
] as const satisfies readonly (keyof SeenEvent)[];

const NESTED = /^(props|keys)(\.[^.]+)+$/;

/** Whether a field can be asked for. */
export const isField = (field: string): boolean => (COLUMNS as readonly string[]).includes(field) || NESTED.test(field);

/** One field that is not as asked; `got` is undefined where the event has none. */
export interface Difference {
  readonly field: string;
  readonly wanted: string;
  readonly got: unknown;
}

/** Where an event is not as asked: nothing for a match. A value is compared as the text it has in JSON, a text as itself. */
export function differences(event: SeenEvent, filter: Filter): readonly Difference[] {
  const found: Difference[] = [];
  for (const [field, wanted] of Object.entries(filter)) {
    const got = valueAt(event, field.split('.'));
    if ((typeof got === 'string' ? got : JSON.stringify(got)) !== wanted) found.push({ field, wanted, got });
  }
  return found;
}

export const matches = (event: SeenEvent, filter: Filter): boolean => differences(event, filter).length === 0;

/** `props.items.0.item_id` reads the first item; only what is the value's own. */
function valueAt(from: unknown, steps: readonly string[]): unknown {
  let value = from;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
