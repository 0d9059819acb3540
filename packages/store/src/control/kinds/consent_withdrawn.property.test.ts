import { DEFAULT_RULES, type Permission, permit } from '@parcours/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ControlFold, createControlFold } from '../fold.ts';
import { type ConsentWithdrawn, WITHDRAWN_DAYS, withdrawnOf } from './consent_withdrawn.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-11-22T10:00:00.000Z');
const PURPOSES = ['audience', 'crm_join', 'ads_measurement'] as const;
const SUBJECTS = ['s1', 's2'] as const;

/** Around the days on which something ends, to the millisecond: there a mistake would be. */
const edge = fc
  .tuple(
    fc.constantFrom(0, 1, 182, 395, WITHDRAWN_DAYS, WITHDRAWN_DAYS + 1, 2 * WITHDRAWN_DAYS),
    fc.integer({ min: -2, max: 2 }),
  )
  .map(([days, ms]) => days * DAY_MS + ms);
const while_ = fc.oneof(
  edge,
  fc.integer({ min: 385 * DAY_MS, max: 410 * DAY_MS }),
  fc.integer({ min: 0, max: 1_000 * DAY_MS }),
);
const subject = fc.constantFrom(...SUBJECTS);

/** What happens to a collector: time passes, a withdrawal is followed, what has ended goes, it is started anew, a stamp comes. */
type Step =
  | { readonly kind: 'pass'; readonly ms: number }
  | {
      readonly kind: 'withdrawn';
      readonly subject: string;
      readonly purposes?: string[];
      readonly ago: number;
      readonly clock: number;
    }
  | { readonly kind: 'forget' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'stamp'; readonly subject: string; readonly age: number; readonly clock: number };

/** @param clock how far a visitor's clock is ahead of the collector's, ms */
const steps = (clock: fc.Arbitrary<number>, pass: fc.Arbitrary<number>): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('pass' as const), ms: pass }),
      fc.record(
        {
          kind: fc.constant('withdrawn' as const),
          subject,
          purposes: fc.uniqueArray(fc.constantFrom(...PURPOSES), { minLength: 1 }),
          ago: while_,
          clock,
        },
        { requiredKeys: ['kind', 'subject', 'ago', 'clock'] },
      ),
      fc.record({ kind: fc.constantFrom('forget' as const, 'restart' as const) }),
      fc.record({ kind: fc.constant('stamp' as const), subject, age: while_, clock }),
    ),
    { maxLength: 12 },
  );

/** Both collectors live through the same; calls for each stamp with what either permits. */
function live(all: readonly Step[], each: (bounded: Permission, unbounded: Permission) => void): void {
  let now = START;
  const [records, unbounded]: [ConsentWithdrawn[], ControlFold] = [[], createControlFold()];
  let bounded = createControlFold(() => now);
  for (const step of all) {
    if (step.kind === 'pass') now += step.ms;
    else if (step.kind === 'forget') bounded.forget();
    else if (step.kind === 'restart') {
      bounded = createControlFold(() => now);
      for (const record of records) bounded.take(record);
    } else if (step.kind === 'stamp') each(permitted(bounded, step, now), permitted(unbounded, step, now));
    else {
      const record = recordOf(step, now);
      records.push(record);
      bounded.take(record);
      unbounded.take(record);
    }
  }
}

const recordOf = (step: Step & { kind: 'withdrawn' }, now: number): ConsentWithdrawn => ({
  v: 1,
  kind: 'consent_withdrawn',
  id: 'a',
  at: new Date(now).toISOString(),
  site: 'shop',
  subject: step.subject,
  ...(step.purposes && { purposes: step.purposes }),
  // Told late: by then its own clock says when.
  withdrawn_at: new Date(now - step.ago + step.clock).toISOString(),
});

/** Where a choice may stand for longest. */
const RULES = { ...DEFAULT_RULES, choice_days: 395 };

const permitted = (
  { state }: ControlFold,
  { subject, age, clock }: Step & { kind: 'stamp' },
  now: number,
): Permission =>
  permit({
    stamp: { purposes: [...PURPOSES], source: 'manual', at: new Date(now + clock - age).toISOString() },
    sentAt: now + clock,
    rules: RULES,
    isForged: false,
    knowsPolicy: () => true,
    withdrawals: withdrawnOf(state, 'shop', subject),
    gpc: false,
  });

const purposesOf = (permission: Permission): readonly string[] =>
  permission.code ? [] : [...permission.purposes].sort();

test('whatever the clocks say, and wherever the own one jumps, nothing that was taken back gets through', () => {
  let refused = 0;
  // Whose clock is further ahead than a withdrawal is held is told apart: it ends as if it were as far ahead as that.
  const clock = fc.oneof(
    edge.map((ms) => -ms),
    fc.integer({ min: -3_000 * DAY_MS, max: WITHDRAWN_DAYS * DAY_MS }),
  );
  fc.assert(
    fc.property(
      steps(
        clock,
        fc.oneof(
          while_,
          while_.map((ms) => -ms),
        ),
      ),
      (all) => {
        live(all, (bounded, unbounded) => {
          if (unbounded.code === 'consent_withdrawn') refused += 1;
          for (const purpose of purposesOf(bounded)) expect(purposesOf(unbounded)).toContain(purpose);
        });
      },
    ),
    { numRuns: 3_000 },
  );
  // There was something to refuse.
  expect(refused).toBeGreaterThan(100);
});

test('where clocks are right within a week, it answers as if nothing were ever forgotten', () => {
  let granted = 0;
  const clock = fc.integer({ min: -7 * DAY_MS, max: 7 * DAY_MS });
  fc.assert(
    fc.property(steps(clock, while_), (all) => {
      live(all, (bounded, unbounded) => {
        if (purposesOf(unbounded).length > 0) granted += 1;
        expect([bounded.code, purposesOf(bounded)]).toEqual([unbounded.code, purposesOf(unbounded)]);
      });
    }),
    { numRuns: 3_000 },
  );
  expect(granted).toBeGreaterThan(100);
});
