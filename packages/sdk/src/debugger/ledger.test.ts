import type { FilteredCode } from '@parcours/protocol';
import { describe, expect, it } from 'vitest';
import type { Traced, TracedState } from '../trace.ts';
import { createLedger } from './ledger.ts';

const event = (id: string, more: object = {}): Traced => ({
  id,
  text: JSON.stringify({ event_id: id, type: `type_${id}`, occurred_at: '2026-11-22T10:00:00.000Z', ...more }),
});
const state = (status: TracedState['status'], { held = [], queued = [] }: Partial<TracedState> = {}): TracedState => ({
  step: 'state',
  status,
  held,
  queued,
});
const a = event('a');
const b = event('b');

/** A ledger that has heard of `a` and `b` before the choice. */
const holding = () => {
  const ledger = createLedger();
  ledger.hear(state('pending'));
  for (const one of [a, b]) ledger.hear({ step: 'captured', ...one });
  const fates = () => Object.fromEntries(ledger.entries().map(({ type, fate, why }) => [type, [fate, why]]));
  return { ledger, fates };
};
/** The same, after the grant. */
const queueing = () => {
  const { ledger, fates } = holding();
  ledger.hear(state('granted', { held: [a, b] }));
  for (const one of [a, b]) ledger.hear({ step: 'queued', ...one });
  return { ledger, fates };
};

describe('an event is', () => {
  it('held before the choice', () => {
    expect(holding().fates()).toEqual({ type_a: ['held', undefined], type_b: ['held', undefined] });
  });

  it('known that was there before anybody listened', () => {
    const ledger = createLedger();
    ledger.hear(state('granted', { held: [a], queued: [b] }));
    expect(ledger.counts()).toMatchObject({ held: 1, queued: 1 });
    expect(ledger.entries()[0]).toMatchObject({ type: 'type_b', at: Date.parse('2026-11-22T10:00:00Z') });
  });

  it('queued by the grant', () => {
    expect(queueing().ledger.counts()).toEqual({ held: 0, queued: 2, sent: 0, refused: 0, lost: 0 });
  });

  it('refused by a denial, and by a withdrawal for another reason', () => {
    const { ledger, fates } = holding();
    ledger.hear(state('denied'));
    expect(fates()).toEqual({ type_a: ['refused', 'consent_denied'], type_b: ['refused', 'consent_denied'] });
    const later = queueing();
    later.ledger.hear(state('denied'));
    expect(later.fates()).toEqual({
      type_a: ['refused', 'consent_withdrawn'],
      type_b: ['refused', 'consent_withdrawn'],
    });
  });

  it('refused at the gate, captured before or not', () => {
    const { ledger, fates } = holding();
    const code: FilteredCode = 'event_not_allowed';
    ledger.hear({ step: 'refused', type: 'type_a', code, id: 'a' });
    ledger.hear({ step: 'refused', type: 'other', code: 'consent_denied' });
    ledger.hear({ step: 'refused', type: 'another', code: 'consent_denied' });
    expect(fates()).toMatchObject({
      type_a: ['refused', code],
      other: ['refused', 'consent_denied'],
      another: ['refused', 'consent_denied'],
    });
  });

  it('refused where no choice came in time', () => {
    const { ledger, fates } = holding();
    ledger.settle(state('pending', { held: [b] }));
    expect(fates()).toEqual({ type_a: ['refused', 'unanswered'], type_b: ['held', undefined] });
  });

  it('lost for the reason that was told, as the state shows which', () => {
    const { ledger, fates } = holding();
    ledger.hear({ step: 'dropped', code: 'hold_full', count: 1 });
    ledger.settle(state('pending', { held: [b] }));
    expect(fates()).toEqual({ type_a: ['lost', 'hold_full'], type_b: ['held', undefined] });
  });

  it('brought to its end by another tab where it left without a word', () => {
    const { ledger, fates } = queueing();
    ledger.settle(state('granted', { queued: [b] }));
    expect(fates()).toEqual({ type_a: ['sent', 'elsewhere'], type_b: ['queued', undefined] });
  });
});

it.each([
  ['accepted', undefined, 'sent', undefined],
  ['duplicate', undefined, 'sent', 'duplicate'],
  ['filtered', 'consent_forged', 'refused', 'consent_forged'],
  ['failed', 'too_deep', 'lost', 'too_deep'],
  ['retry', 'unknown', 'queued', undefined],
] as const)('answered %s %s it is %s', (status, code, fate, why) => {
  const { ledger, fates } = queueing();
  if (status === 'failed') ledger.hear({ step: 'dropped', code: 'failed', count: 1 });
  const reply = { results: [{ event_id: 'a', status, code }] };
  ledger.hear({ step: 'sent', items: [a, b], status: 200, reply });
  ledger.settle(state('granted', { queued: fate === 'queued' ? [a, b] : [b] }));
  expect(fates()).toEqual({ type_a: [fate, why], type_b: ['queued', undefined] });
});

it('without an answer it stays queued', () => {
  const { ledger } = queueing();
  ledger.hear({ step: 'sent', items: [a, b], status: 0 });
  expect(ledger.counts()).toMatchObject({ queued: 2, sent: 0 });
});

it('lists what was lost before it was captured, as nobody knows what', () => {
  const { ledger, fates } = holding();
  ledger.hear({ step: 'dropped', code: 'not_serialisable', count: 1 });
  ledger.settle(state('pending', { held: [a, b] }));
  expect(fates()).toMatchObject({ '?': ['lost', 'not_serialisable'], type_a: ['held', undefined] });
});

it('names the fields of what was held before anybody listened', () => {
  const ledger = createLedger();
  ledger.hear(state('pending', { held: [{ ...event('a', { props: { note: 1 } }), keys: '{"customer_id":"C-1"}' }] }));
  ledger.hear({ step: 'queued', ...event('a') });
  expect(ledger.entries()[0]?.without).toEqual(['props.note', 'keys.customer_id']);
});

it('names fields anew where purposes are taken back while an event waits', () => {
  const { ledger } = queueing();
  ledger.hear({ step: 'captured', ...event('c', { props: { note: 1 } }), keys: '{"customer_id":"C-1"}' });
  ledger.hear({ step: 'queued', ...event('c', { props: { note: 1 }, keys: { customer_id: 'C-1' } }) });
  expect(ledger.entries()[0]?.without).toEqual([]);
  ledger.hear({ step: 'queued', ...event('c') });
  expect(ledger.entries()[0]?.without).toEqual(['props.note', 'keys.customer_id']);
});

it('names the fields that were taken away, by their columns, and no value', () => {
  const ledger = createLedger();
  ledger.hear(state('pending'));
  const url = 'https://shop.example/?utm_source=secret&gclid=1';
  const keys = { customer_id: 'C-1', order_id: 'O-1' };
  ledger.hear({
    step: 'captured',
    ...event('a', { page: { url, title: 'T' }, keys, props: { value: 5, click_id: 'x' } }),
  });
  ledger.hear(state('granted'));
  const left = { page: { url: 'https://shop.example/', title: 'T' }, keys: { order_id: 'O-1' }, props: { value: 5 } };
  ledger.hear({ step: 'queued', ...event('a', { ...left, visitor_id: 'v' }) });
  expect(ledger.entries()[0]?.without).toEqual(['keys.customer_id', 'click_id', 'utm_source']);
  expect(JSON.stringify(ledger.entries())).not.toMatch(/secret|C-1/);
});

it('keeps the newest and counts all, but lets go of none that is on its way', () => {
  const { ledger } = holding();
  for (let n = 0; n < 500; n++) ledger.hear({ step: 'refused', type: `r${n}`, code: 'consent_denied' });
  expect(ledger.entries()).toHaveLength(200);
  expect(ledger.entries()[0]?.type).toBe('r499');
  expect(ledger.entries().filter(({ fate }) => fate === 'held')).toHaveLength(2);
  expect(ledger.counts()).toEqual({ held: 2, queued: 0, sent: 0, refused: 500, lost: 0 });
});
