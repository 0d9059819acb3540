import { type EventRecord, PURPOSES, type Purpose, type SiteRules } from '@parcours/protocol';
import { RECEIVED_AT } from '@parcours/protocol/corpus';
import { DEFAULT_POLICY, policyHash, resolveRules } from '@parcours/protocol/policy';
import type { StoredEvent } from '@parcours/store/log';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createJudge } from '../judge.ts';
import { anEvent, aStamp, VISITOR } from '../testing/consent_batch.ts';
import { aPolicy } from '../testing/policy.ts';
import { createConsent } from './batch_consent.ts';
import { NOBODY_ERASED } from './erased.ts';
import { createPolicies } from './policies.ts';

/** The law once more, by another hand: the nearest name under which a field stands, and whether one of its purposes is there. */
function mayHold(field: string, rules: SiteRules, granted: ReadonlySet<string>): boolean {
  const group = ['utm_', 'keys.', 'props.'].find((each) => field.startsWith(each));
  const needed = rules.fields[field] ?? (group ? rules.fields[`${group}*`] : undefined) ?? ['audience'];
  return needed.some((purpose) => granted.has(purpose));
}

/** Properties that are columns too, under which name they are gated. */
const AS_COLUMN: Readonly<Record<string, string>> = {
  transaction_id: 'order_id',
  value: 'amount_minor',
  currency: 'currency',
  click_id: 'click_id',
};

/** What is no content of an event: which it is, of what type, when, and under which choice. */
const ALWAYS = new Set(['event_id', 'type', 'occurred_at', 'client_occurred_at', 'stamp', 'seq', 'keys', 'props']);

/** Every field that a stored event holds, by the name under which a policy knows it. */
function fieldsOf(event: Partial<StoredEvent> & { readonly page?: EventRecord['page'] }): string[] {
  const query = [...new URL(event.url ?? event.page?.url ?? 'https://a.example').searchParams.keys()];
  return [
    ...Object.keys(event).filter((name) => !ALWAYS.has(name) && name !== 'page'),
    ...(event.page
      ? ['url', ...Object.keys(event.page).map((name) => (name === 'referrer' ? 'referrer_host' : name))]
      : []),
    ...query.flatMap((key) => (key.startsWith('utm_') ? [key] : key === 'gclid' ? ['click_id'] : [])),
    ...Object.keys(event.keys ?? {}).map((name) => `keys.${name}`),
    ...Object.keys(event.props ?? {}).map((name) => AS_COLUMN[name] ?? `props.${name}`),
  ];
}

const somePurposes = fc.subarray([...PURPOSES]);
/** Without `audience` nothing is kept, and nothing can be wrong. */
const mostlyAudience = fc.oneof(
  { weight: 4, arbitrary: somePurposes.map((some): Purpose[] => [...new Set<Purpose>(['audience', ...some])]) },
  { weight: 1, arbitrary: somePurposes },
);
const FIELDS = [
  ...[
    'visitor_id',
    'client_visitor_id',
    'session_id',
    'page_view_id',
    'url',
    'path',
    'title',
    'referrer_host',
    'channel',
  ],
  ...['utm_*', 'utm_source', 'utm_campaign', 'click_id', 'place_id', 'order_id', 'amount_minor', 'currency'],
  ...['keys.*', 'keys.customer_id', 'keys.email_hmac', 'keys.order_id', 'keys.qr'],
  ...[
    'props.*',
    'props.items',
    'props.link_url',
    'props.link_domain',
    'props.free',
    'props.linked_visitor_id',
    'props.from_site',
  ],
  ...['ip_prefix', 'device', 'browser', 'os'],
];
const TYPES = ['page_view', 'purchase', 'click', 'identify', 'cross_domain', 'size_chosen'];

const somePolicy = fc.record(
  {
    fields: fc.dictionary(fc.constantFrom(...FIELDS), somePurposes, { maxKeys: 8 }),
    events: fc.dictionary(fc.constantFrom('*', ...TYPES), mostlyAudience, { minKeys: 2, maxKeys: 6 }),
    gpc_removes: somePurposes,
    purposes: mostlyAudience.map((list) =>
      Object.fromEntries(list.map((each) => [each, { basis: 'consent' as const }])),
    ),
  },
  { requiredKeys: [] },
);

const someEvent = fc
  .record({
    type: fc.constantFrom(...TYPES, 'Bad Name'),
    stamp: fc.constantFrom(0, 1),
    visitor_id: fc.constantFrom(VISITOR, 'of-before', undefined),
    session_id: fc.constantFrom('session-1', undefined),
    page_view_id: fc.constantFrom('view-1', undefined),
    page: fc.constantFrom(
      undefined,
      { url: 'https://shop.example/boots' },
      {
        url: 'https://shop.example/b?utm_source=news&utm_medium=email&utm_campaign=a&gclid=1&pc_place=lyon&pc_code=49701&keep=1',
        title: 'Boots',
        referrer: 'https://www.qwant.com/',
      },
      { url: 'javascript:alert(1)', title: 'Bad' },
    ),
    keys: fc.subarray(['customer_id', 'email_hmac', 'order_id', 'coupon', 'unknown']),
    props: fc.subarray([
      'transaction_id',
      'value',
      'currency',
      'items',
      'link_url',
      'free',
      'click_id',
      'token',
      'from_site',
    ]),
  })
  .map(({ keys, props, ...event }) =>
    anEvent({
      ...event,
      keys: Object.fromEntries(keys.map((key) => [key, 'K-1'])),
      props: Object.fromEntries(props.map((name) => [name, VALUES[name] ?? 'x'])),
    }),
  );
const VALUES: Readonly<Record<string, unknown>> = {
  value: 12.5,
  currency: 'EUR',
  items: [{ item_id: 'SKU-1' }],
  link_url: 'https://other.example/a.pdf',
};

it('whatever batch, policy and grant: nothing is stored without one of its purposes', () => {
  let kept = 0;
  fc.assert(
    fc.property(
      somePolicy,
      fc.tuple(mostlyAudience, mostlyAudience),
      fc.array(someEvent, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      fc.constantFrom(undefined, 'audience' as const, 'ads_measurement' as const),
      (given, grants, events, gpc, withdrawn) => {
        const published = aPolicy(given as never);
        const rules = resolveRules(published.policy, 'shop');
        const policies = createPolicies([published], Date.now);
        const { judge } = createJudge({
          now: () => RECEIVED_AT,
          arrivals: ARRIVALS,
          erased: NOBODY_ERASED,
          consent: createConsent({
            policies,
            receipts: { isOf: () => true, subjectOf: (_, id) => id },
            withdrawals: { of: (_, id) => (withdrawn && id === VISITOR ? { [withdrawn]: RECEIVED_AT } : undefined) },
            erased: NOBODY_ERASED,
          }),
        });
        const batch = {
          ...({
            v: 1,
            site: 'shop',
            sdk: '1',
            sent_at: new Date(RECEIVED_AT).toISOString(),
            visitor_id: VISITOR,
          } as const),
          stamps: grants.map((purposes) => aStamp(purposes)),
          events,
        };
        const known = { id: 'of-the-cookie', issuedAt: RECEIVED_AT, isElsewhere: false };
        const { record } = judge(batch, { ...SENDER, visitor: known, gpc });
        const permittedBy = (pointer: number): Set<Purpose> =>
          new Set(
            (grants[pointer] as Purpose[]).filter(
              (purpose) =>
                rules.purposes[purpose] && !(gpc && rules.gpc_removes.includes(purpose)) && purpose !== withdrawn,
            ),
          );
        const all = [
          ...record.events,
          ...(record.failed ?? []).filter(({ item }) => item !== '').map(({ item }) => JSON.parse(item) as StoredEvent),
        ];
        for (const event of all) {
          const sent = events.find(({ event_id }) => event_id === event.event_id) as EventRecord;
          const granted = permittedBy(sent.stamp);
          // What is stored beside it is what it was judged by.
          expect(new Set(record.stamps[event.stamp]?.purposes)).toEqual(granted);
          expect(granted).toContain('audience');
          const types = rules.events[sent.type] ?? rules.events['*'] ?? [];
          expect(types.some((purpose) => granted.has(purpose))).toBe(true);
          const client = Object.keys(record.client).filter((name) => name !== 'bot');
          const forbidden = [...fieldsOf(event), ...client].filter((field) => !mayHold(field, rules, granted));
          expect([event.type, forbidden]).toEqual([event.type, []]);
          kept += 1;
        }
        if (all.length === 0) expect(record.client).toEqual({ bot: false });
      },
    ),
    { numRuns: 1_500 },
  );
  expect(kept).toBeGreaterThan(1_000);
}, 60_000);

it('the built-in rules keep whole what all purposes are granted for, and every field of it', () => {
  const rules = resolveRules(DEFAULT_POLICY, 'shop');
  for (const field of FIELDS) expect([field, mayHold(field, rules, new Set(PURPOSES))]).toEqual([field, true]);
  expect(policyHash(DEFAULT_POLICY)).toMatch(/^[\w-]{22}$/);
});

const SENDER = {
  site: {
    id: 'shop',
    origins: ['https://shop.example'],
    hosts: [] as string[],
    queryKeys: ['keep', 'utm_source', 'gclid'],
  },
  source: 'web' as const,
  address: '203.0.113.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  objected: false,
  lifeMs: 395 * 86_400_000,
  byteLength: 1_000,
};

/** As a link from another domain would be read; who it names is the collector's own word, and gated like any field. */
const ARRIVALS = {
  ofBatch: () => ({
    linked: undefined,
    settle(event: EventRecord, stored: StoredEvent, keeps: (name: string) => boolean): StoredEvent {
      if (event.type !== 'cross_domain' || !keeps('linked_visitor_id')) return stored;
      return { ...stored, props: { ...stored.props, linked_visitor_id: 'x' } };
    },
  }),
};
