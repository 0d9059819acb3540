import {
  createEventGate,
  DEFAULT_EVENTS,
  DEFAULT_RULES,
  gateEvent,
  PURPOSES,
  type Purpose,
  type SiteRules,
} from '@parcours/protocol';
import { browserPolicy } from '@parcours/protocol/policy';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPermit } from './permit.ts';

const EVENT = {
  event_id: '019aa1c0-0000-7000-8000-000000000001',
  type: 'purchase',
  visitor_id: 'v',
  session_id: 's',
  page_view_id: 'p',
  page: {
    url: 'https://shop.example/a?q=1&utm_source=mail&utm_term=t&gclid=1&pc_place=12&pc_code=A7',
    title: 'A',
    referrer: 'https://elsewhere.example',
  },
  keys: { customer_id: 'C-1', email_hmac: 'h', qr: 'A7' },
  props: { transaction_id: 'T-1', value: 12, currency: 'EUR', click_id: 'gclid', search_term: 'tent' },
};

const FIELDS = [
  ...['url', 'title', 'referrer_host', 'utm_source', 'utm_*', 'click_id', 'place_id', 'visitor_id', 'session_id'],
  ...['order_id', 'amount_minor', 'currency', 'keys.qr', 'keys.email_hmac', 'keys.*', 'props.search_term', 'props.*'],
  ...['props.value', 'props.click_id'],
];

const purposes = fc.subarray([...PURPOSES], { minLength: 1 });
const fields = fc.dictionary(fc.constantFrom(...FIELDS), purposes) as fc.Arbitrary<SiteRules['fields']>;

/** What the browser lets out, as data; undefined for nothing. */
function sent(rules: SiteRules, granted: readonly Purpose[], event: object & { type: string }): unknown {
  const permit = createPermit(browserPolicy(rules, 'h'), granted);
  if (permit.refuses(event.type)) return undefined;
  const text = permit.strip(JSON.stringify(event));
  // What a permit remembers of names changes nothing.
  expect(permit.strip(JSON.stringify(event))).toBe(text);
  return JSON.parse(text);
}

it('lets out what the collector would keep, whatever a policy says of the fields', () => {
  fc.assert(
    fc.property(fields, fc.subarray([...PURPOSES]), (fields, others) => {
      const rules = { ...DEFAULT_RULES, fields };
      const granted = [...new Set<Purpose>(['audience', ...others])];
      const kept = gateEvent(EVENT, createEventGate(rules, new Set(granted)));
      expect(sent(rules, granted, EVENT)).toEqual(kept.code ? undefined : kept.event);
    }),
    { numRuns: 1_000 },
  );
});

it('refuses the types that the collector would, for the same reason', () => {
  const events = { page_view: ['audience'], identify: ['crm_join'] } as const;
  for (const rules of [
    { ...DEFAULT_RULES, events },
    { ...DEFAULT_RULES, events: DEFAULT_EVENTS },
  ]) {
    for (const type of ['page_view', 'identify', 'click', 'toString', '__proto__']) {
      const { refuses } = createPermit(browserPolicy(rules, 'h'), ['audience']);
      expect([type, refuses(type)]).toEqual([type, createEventGate(rules, new Set(['audience'])).refuses(type)]);
    }
  }
});

it('leaves a text as it is where nothing is taken away', () => {
  const text = JSON.stringify({ ...EVENT, keys: undefined, props: { search_term: 'tent' }, page: undefined });
  expect(createPermit(browserPolicy(DEFAULT_RULES, 'h'), ['audience']).strip(text)).toBe(text);
});

it('reads an event whose page has no address, as a listener of the page may have left it', () => {
  const { strip } = createPermit(browserPolicy({ ...DEFAULT_RULES, fields: { title: ['crm_join'] } }, 'h'), [
    'audience',
  ]);
  expect(JSON.parse(strip('{"type":"page_view","seq":1,"page":{"title":"Tents"}}'))).toEqual({
    type: 'page_view',
    seq: 1,
  });
});
