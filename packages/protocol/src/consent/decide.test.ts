import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Evidence, permit } from './decide.ts';
import { DEFAULT_RULES } from './default_rules.ts';
import { createEventGate, gateEvent } from './gate_event.ts';
import { PURPOSES, type Purpose } from './purposes.ts';

const sentAt = Date.parse('2026-11-22T10:00:00Z');
const at = '2026-11-22T09:00:00.000Z';
const chosenAt = Date.parse(at);
const ALL = PURPOSES.filter((purpose) => Object.hasOwn(DEFAULT_RULES.purposes, purpose));

const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  stamp: { purposes: ALL, source: 'manual', at, policy: 'known' },
  sentAt,
  rules: DEFAULT_RULES,
  isForged: false,
  knowsPolicy: (hash) => hash === 'known',
  gpc: false,
  ...more,
});
const purposesOf = (more: Partial<Evidence>): readonly string[] => {
  const permission = permit(evidence(more));
  return permission.code ? [permission.code] : [...permission.purposes];
};

describe('a stamp permits', () => {
  it('what was granted and the rules know', () => {
    expect(purposesOf({})).toEqual(ALL);
    expect(purposesOf({ stamp: { purposes: ['audience', 'all', 'necessary'], source: 'manual', at } })).toEqual([
      'audience',
    ]);
    const rules = { ...DEFAULT_RULES, purposes: { audience: { basis: 'consent' as const } } };
    expect(purposesOf({ rules })).toEqual(['audience']);
  });

  it.each([
    ['nothing without a stamp', { stamp: undefined }, 'consent_missing'],
    ['nothing where it cannot be read', { stamp: { purposes: 'audience' } }, 'consent_malformed'],
    ['nothing under a forged receipt', { isForged: true }, 'consent_forged'],
    [
      'nothing under a policy that never was',
      { stamp: { purposes: ALL, source: 'manual', at, policy: 'made-up' } },
      'policy_unknown',
    ],
    ['nothing after a withdrawal', { withdrawals: { '*': chosenAt } }, 'consent_withdrawn'],
    ['nothing once audience is taken back', { withdrawals: { audience: chosenAt + 1 } }, 'consent_withdrawn'],
    ['nothing without audience', { stamp: { purposes: ['ads_share'], source: 'manual', at } }, 'consent_denied'],
    ['nothing once it is too old', { rules: { ...DEFAULT_RULES, choice_days: 0 } }, 'consent_expired'],
  ] as const)('%s', (_, more, code) => {
    expect(purposesOf(more)).toEqual([code]);
  });

  it('what was chosen after a withdrawal', () => {
    expect(purposesOf({ withdrawals: { '*': chosenAt - 1 } })).toEqual(ALL);
    expect(purposesOf({ withdrawals: { ads_share: chosenAt } })).toEqual(ALL.filter((each) => each !== 'ads_share'));
  });

  it('no advertising to a browser that asks not to be followed', () => {
    expect(purposesOf({ gpc: true })).toEqual(['audience', 'personalisation', 'crm_join']);
  });
});

describe('of an event', () => {
  const event = {
    event_id: '019aa1c0-0000-7000-8000-000000000001',
    type: 'page_view',
    visitor_id: 'v',
    page: { url: 'https://shop.example/a?q=1&utm_source=mail&gclid=x&utm%5Fterm=t#f', title: 'A' },
    keys: { customer_id: 'C-1', order_id: 'O-1' },
    props: { navigation: 'load', click_id: 'gclid' },
  };
  const gate = (...purposes: Purpose[]) => createEventGate(DEFAULT_RULES, new Set(purposes));

  it('the fields stay whose purposes were granted, and the others go', () => {
    expect(gateEvent(event, gate('audience'))).toEqual({
      event: {
        ...event,
        page: { url: 'https://shop.example/a?q=1#f', title: 'A' },
        keys: { order_id: 'O-1' },
        props: { navigation: 'load' },
      },
    });
  });

  it('all stays, the same object, where all was granted', () => {
    expect(gateEvent(event, gate('audience', 'ads_measurement', 'crm_join'))).toEqual({ event });
    expect((gateEvent(event, gate('audience', 'ads_measurement', 'crm_join')) as { event: unknown }).event).toBe(event);
  });

  it('nothing stays without audience, whatever the rules say', () => {
    const rules = { events: { '*': ['ads_share' as const] }, fields: { url: ['ads_share' as const] } };
    expect(gateEvent(event, createEventGate(rules, new Set(['ads_share'])))).toEqual({ code: 'consent_denied' });
  });

  it('the type decides first', () => {
    expect(gateEvent({ ...event, type: 'identify' }, gate('audience'))).toEqual({ code: 'consent_denied' });
    const rules = { events: { page_view: ['audience' as const] }, fields: {} };
    const strict = createEventGate(rules, new Set(['audience']));
    expect(gateEvent({ ...event, type: 'click' }, strict)).toEqual({ code: 'event_not_allowed' });
    expect(gateEvent({ ...event, type: 'toString' }, strict)).toEqual({ code: 'event_not_allowed' });
  });

  it('nothing left is nothing kept', () => {
    const identify = { type: 'order_note', keys: { customer_id: 'C-1' } };
    expect(gateEvent(identify, gate('audience'))).toEqual({ code: 'consent_denied' });
  });
});

it('each piece of evidence can only take away', () => {
  const purposes = fc.subarray([...PURPOSES]);
  const when = fc.integer({ min: chosenAt - 2, max: chosenAt + 2 });
  const withdrawals = fc.dictionary(fc.constantFrom('*', ...PURPOSES), when, { maxKeys: 3 });
  fc.assert(
    fc.property(purposes, withdrawals, fc.boolean(), fc.boolean(), (granted, withdrawn, gpc, isForged) => {
      const stamp = { purposes: granted, source: 'manual', at };
      const plain = permit(evidence({ stamp }));
      const less = permit(evidence({ stamp, withdrawals: withdrawn, gpc, isForged }));
      for (const purpose of less.code ? [] : less.purposes) {
        expect(granted).toContain(purpose);
        expect(plain.code ?? plain.purposes).toContain(purpose);
        expect(chosenAt > ((withdrawn as Record<string, number>)[purpose] ?? 0)).toBe(true);
      }
    }),
    { numRuns: 5_000 },
  );
});

it('decides from evidence to fields in one pure step', () => {
  const gateOf = (permitted: ReadonlySet<Purpose>) => createEventGate(DEFAULT_RULES, permitted);
  const event = { type: 'page_view', visitor_id: 'v', page: { url: 'https://shop.example/?utm_source=mail' } };
  expect(decide(event, evidence({ gpc: true }), gateOf)).toEqual({
    event: { ...event, page: { url: 'https://shop.example/' } },
  });
  expect(decide(event, evidence({ isForged: true }), gateOf)).toEqual({ code: 'consent_forged' });
});
