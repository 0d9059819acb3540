import {
  type BrowserPolicy,
  CLICK_IDS,
  DEFAULT_EVENTS,
  DEFAULT_FIELDS,
  type EventRecord,
  type Purpose,
  propertyField,
} from '@parcours/protocol';

const DEFAULTS = { events: DEFAULT_EVENTS, fields: DEFAULT_FIELDS };

/** Query keys that become columns of other names. */
const COLUMNS: { readonly [key: string]: string } = {
  pc_place: 'place_id',
  pc_code: 'keys.qr',
  ...Object.fromEntries(CLICK_IDS.map((id) => [id, 'click_id'])),
};

/** The names of the fields that an event's JSON holds, by their columns, as policies name them. Never a value. */
export function fieldsOf(text: string): readonly string[] {
  const { page, keys, props } = JSON.parse(text) as Partial<EventRecord>;
  const names = new Set<string>();
  for (const name of Object.keys(keys ?? {})) names.add(`keys.${name}`);
  for (const name of Object.keys(props ?? {})) names.add(propertyField(name));
  if (page) {
    names.add('url');
    if (page.title) names.add('title');
    if (page.referrer) names.add('referrer_host');
    for (const name of new URL(page.url).searchParams.keys()) names.add(COLUMNS[name] ?? name);
  }
  return [...names];
}

/** The purposes of which one opens a field, or lets a type of event through. */
export function neededFor(
  policy: BrowserPolicy | null | undefined,
  kind: 'events' | 'fields',
  name: string,
): readonly Purpose[] {
  const rules: { readonly [name: string]: readonly Purpose[] } = policy?.[kind] ?? DEFAULTS[kind];
  const group = kind === 'events' ? '*' : name.replace(/^(utm_|keys\.|props\.).*/, '$1*');
  const found = [name, group].find((one) => Object.hasOwn(rules, one));
  return (found && rules[found]) || ['audience'];
}
