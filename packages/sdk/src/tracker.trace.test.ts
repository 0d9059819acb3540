import { beforeEach, expect, it } from 'vitest';
import { createLedger, type Ledger } from './debugger/ledger.ts';
import { pass } from './testing/page.ts';
import { page, tracker, visitInEachTest } from './testing/visit.ts';
import type { TracedState } from './trace.ts';

let state: () => TracedState;
let ledger: Ledger;

/** Each event by its type: what became of it, why, and what it went without. */
const fates = () => {
  ledger.settle(state());
  return Object.fromEntries(ledger.entries().map(({ type, fate, why, without }) => [type, [fate, why, ...without]]));
};

visitInEachTest();
beforeEach(() => {
  ledger = createLedger();
  tracker.observe(({ trace }) => {
    state = trace((step) => ledger.hear(step));
  });
});

it('tells the state as it is: a refusal with what was refused, a grant with its receipt', async () => {
  expect(state()).toMatchObject({ status: 'pending', choice: undefined });
  tracker.consent({ audience: false, crm_join: false });
  expect(state()).toMatchObject({
    status: 'denied',
    choice: { purposes: [], denied: ['audience', 'crm_join'], source: 'manual' },
  });
  page.collector.set(({ stamps }) => ({ receipts: stamps.map(() => 'r'.repeat(22)) }));
  tracker.consent({ audience: true, crm_join: false });
  expect(state().choice).toMatchObject({ purposes: ['audience'], denied: ['crm_join'] });
  tracker.track('note');
  await pass(1_000);
  expect(state().choice).toMatchObject({ purposes: ['audience'], denied: ['crm_join'], receipt: 'r'.repeat(22) });
});

it('tells of each event until its end, and of the keys that it went without', async () => {
  tracker.identify({ customer_id: 'C-1' });
  tracker.track('note', { a: 1 });
  expect(fates()).toMatchObject({ note: ['held', undefined], identify: ['held', undefined] });
  tracker.consent({ audience: true });
  tracker.track('later');
  expect(fates()).toMatchObject({
    note: ['queued', undefined, 'keys.customer_id'],
    identify: ['refused', 'consent_denied'],
    later: ['queued', undefined, 'keys.customer_id'],
  });
  await pass(1_000);
  expect(fates()).toMatchObject({ note: ['sent', undefined, 'keys.customer_id'] });
  tracker.consent({ audience: false });
  tracker.track('after');
  expect(fates()).toMatchObject({
    note: ['sent', undefined, 'keys.customer_id'],
    after: ['refused', 'consent_denied'],
  });
});

it('tells what a smaller grant takes from what waits', () => {
  page.collector.set('down');
  tracker.consent({ audience: true, crm_join: true });
  tracker.identify({ customer_id: 'C-1' });
  tracker.track('note');
  expect(fates()).toMatchObject({ note: ['queued', undefined], identify: ['queued', undefined] });
  tracker.consent({ audience: true, crm_join: false });
  expect(fates()).toMatchObject({
    note: ['queued', undefined, 'keys.customer_id'],
    identify: ['refused', 'consent_denied'],
  });
});

it('a listener that throws breaks nothing', async () => {
  tracker.observe(({ trace }) => {
    trace(() => {
      throw new Error('listener');
    });
  });
  tracker.consent({ audience: true });
  tracker.track('note');
  await pass(1_000);
  expect(page.collector.events().map(({ type }) => type)).toEqual(['note']);
});
