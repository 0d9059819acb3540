import { expect, it } from 'vitest';
import { DEFAULT_RULES } from '../consent/default_rules.ts';
import { createEventGate, gateEvent } from '../consent/gate_event.ts';
import { JOIN_KEYS } from '../keys.ts';
import { COLUMN_FIELDS, isField } from './fields.ts';

const EVENT = {
  type: 'purchase',
  visitor_id: 'v',
  session_id: 's',
  page_view_id: 'p',
  page: {
    url: 'https://shop.example/?utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e&utm_id=f&gclid=g&pc_place=h',
    title: 'Boots',
    referrer: 'https://search.example/',
  },
  keys: Object.fromEntries(Object.keys(JOIN_KEYS).map((key) => [key, 'k'])),
  props: { transaction_id: 'o', value: 1, currency: 'EUR', click_id: 'gclid', search_term: 'boots' },
};

/** Properties that are columns, by their other name. */
const COLUMN_PROPS = ['props.transaction_id', 'props.value', 'props.currency', 'props.click_id'];

it.each([...COLUMN_FIELDS, ...COLUMN_PROPS, 'props.search_term'])(
  '%s is asked for by the gate: to name it protects something',
  (field) => {
    expect(isField(field)).toBe(true);
    const rules = { events: DEFAULT_RULES.events, fields: { [field]: ['ads_share' as const] } };
    const left = gateEvent(EVENT, createEventGate(rules, new Set(['audience'])));
    expect(left).not.toEqual({ event: EVENT });
    expect(gateEvent(EVENT, createEventGate(rules, new Set(['audience', 'ads_share'])))).toEqual({ event: EVENT });
  },
);

it.each(['', 'titel', 'utm', 'utm_foo', 'keys.', 'keys.nobody', 'props.', 'props.a b', 'props', 'constructor'])(
  '%j is no field',
  (name) => {
    expect(isField(name)).toBe(false);
  },
);
