import { DEFAULT_RULES, type EventRecord, gateEvent, PURPOSES, type Purpose } from '@parcours/protocol';
import { MADE_FIELDS } from '@parcours/protocol/policy';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anEvent, VISITOR } from '../testing/consent_batch.ts';
import { createGates } from './gates.ts';

const under = (fields: Record<string, readonly Purpose[]>, permitted: readonly Purpose[]) =>
  createGates()({ ...DEFAULT_RULES, fields }, new Set(permitted));

it.each(MADE_FIELDS)('%s is closed where a policy says so: to name it protects something', (field) => {
  const closed = under({ [field]: ['ads_share'] }, ['audience']);
  expect([...closed.closedColumns, ...closed.closedClient]).toEqual([field]);
  const open = under({ [field]: ['ads_share'] }, ['audience', 'ads_share']);
  expect([open.closedColumns, open.closedClient, open.isOpen]).toEqual([[], [], true]);
});

const PAGES: readonly EventRecord['page'][] = [
  undefined,
  { url: 'https://shop.example/boots', title: 'Boots', referrer: 'https://www.qwant.com/' },
  { url: 'https://shop.example/b?a=1&utm_source=news&utm%5Fterm=x&gclid=1&pc_place=lyon&pc_code=4#utm_source=end' },
  { url: `https://shop.example/?${'x'.repeat(600)}&utm_source=news`, title: 'Long' },
];

it('looks only where something is closed, and finds what the gate of the protocol finds', () => {
  const names = [
    'utm_*',
    'utm_source',
    'click_id',
    'place_id',
    'keys.qr',
    'keys.*',
    'keys.customer_id',
    'props.*',
    'url',
  ];
  names.push(
    'props.click_id',
    'props.transaction_id',
    'order_id',
    'currency',
    'title',
    'visitor_id',
    'props.free',
    'channel',
  );
  const somePurposes = fc.subarray([...PURPOSES]);
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), somePurposes, { maxKeys: 5 }),
      somePurposes.map((some): Purpose[] => [...new Set<Purpose>(['audience', ...some])]),
      fc.record({
        visitor_id: fc.constantFrom(VISITOR, undefined),
        page: fc.constantFrom(...PAGES),
        keys: fc.constantFrom(undefined, {}, { customer_id: 'C-1' }, { qr: '4' }, { customer_id: 'C-1', till: '7' }),
        props: fc.constantFrom(
          undefined,
          {},
          { click_id: 'gclid' },
          { transaction_id: 'W-1', free: 1, currency: 'EUR' },
        ),
      }),
      (fields, permitted, more) => {
        const gate = under(fields, permitted);
        const event = anEvent(more);
        // Twice: what is remembered is as what was found.
        for (let time = 0; time < 2; time++) expect(gate.event(event)).toEqual(gateEvent(event, gate));
      },
    ),
    { numRuns: 2_000 },
  );
});
