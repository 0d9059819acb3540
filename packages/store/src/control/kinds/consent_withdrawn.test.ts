import { LIMITS } from '@parcours/protocol';
import { maximumOf } from '@parcours/protocol/policy';
import { describe, expect, test } from 'vitest';
import { createControlFold, foldControl } from '../fold.ts';
import { controlFault } from '../parse.ts';
import { type ConsentWithdrawn, lastWithdrawnAt, WITHDRAWN_DAYS, withdrawnOf } from './consent_withdrawn.ts';

const T = (minute: number): string => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`;
const record = (changed: Partial<ConsentWithdrawn> = {}): ConsentWithdrawn => ({
  v: 1,
  kind: 'consent_withdrawn',
  id: 'a',
  at: T(0),
  site: 'shop-fr',
  subject: 's1',
  withdrawn_at: T(1),
  ...changed,
});
const after = (...records: readonly Partial<ConsentWithdrawn>[]) =>
  withdrawnOf(foldControl(records.map(record)), 'shop-fr', 's1');

describe('per site, subject and purpose the latest withdrawal counts', () => {
  test('of everything', () => {
    expect(after({}, { withdrawn_at: T(3) }, { withdrawn_at: T(2) })).toEqual({ '*': Date.parse(T(3)) });
  });
  test('of purposes, beside one of everything', () => {
    expect(
      after(
        { purposes: ['crm_join'] },
        { purposes: ['crm_join', 'ads_share'], withdrawn_at: T(5) },
        { withdrawn_at: T(3) },
      ),
    ).toEqual({ '*': Date.parse(T(3)), ads_share: Date.parse(T(5)), crm_join: Date.parse(T(5)) });
  });
  test('of nobody else, nor on another site', () => {
    expect(after({ subject: 's2' }, { site: 'shop-be' })).toBeUndefined();
  });
});

test('the last on a site is the last of anybody there, of everything or of a purpose', () => {
  const state = foldControl([
    record({ subject: 's2', purposes: ['crm_join'], withdrawn_at: T(5) }),
    record({ subject: 's1', withdrawn_at: T(3) }),
    record({ site: 'shop-be', withdrawn_at: T(9) }),
  ]);
  expect(lastWithdrawnAt(state, 'shop-fr')).toBe(Date.parse(T(5)));
  expect(lastWithdrawnAt(state, 'shop-be')).toBe(Date.parse(T(9)));
  expect(lastWithdrawnAt(state, 'shop-de')).toBeUndefined();
});

describe('a withdrawal that no choice can outlive', () => {
  const DAY_MS = 86_400_000;
  const RECORDED = Date.parse(T(0));
  const END = Date.parse(T(1)) + (1 + WITHDRAWN_DAYS) * DAY_MS;
  let now = RECORDED;
  const folded = (...records: readonly Partial<ConsentWithdrawn>[]) => {
    const fold = createControlFold(() => now);
    for (const each of records) fold.take(record(each));
    const held = () => [...(fold.state.consent_withdrawn.get('shop-fr')?.subjects.keys() ?? [])];
    const of = (subject: string) => withdrawnOf(fold.state, 'shop-fr', subject);
    return { held, of, last: () => lastWithdrawnAt(fold.state, 'shop-fr'), forget: fold.forget };
  };

  test('is held for longer than a choice may stand and an event wait, in any country', () => {
    const longest = maximumOf('choice_days', 'DE').maximum;
    expect(maximumOf('choice_days', 'FR').maximum).toBeLessThanOrEqual(longest);
    expect(WITHDRAWN_DAYS).toBe(longest + Math.max(LIMITS.backdateDays, LIMITS.queueDays));
  });

  test('is let go of after its days and a day, and not a millisecond before', () => {
    now = RECORDED;
    const { held, of, forget } = folded({}, { subject: 's2', purposes: ['crm_join'] });
    now = END;
    forget();
    expect(held()).toEqual(['s1', 's2']);
    expect(of('nobody')).toBeUndefined();
    now = END + 1;
    forget();
    expect(held()).toEqual([]);
  });

  test('leaves behind until when nobody knows any more, for everybody on its site', () => {
    now = END + 1;
    const { of, last } = folded(
      {},
      { subject: 's2', at: T(0), withdrawn_at: '2027-12-01T00:00:00.000Z', purposes: ['crm_join'] },
    );
    expect(of('s1')).toEqual({ '*': Date.parse(T(1)) });
    expect(of('s2')).toEqual({ '*': Date.parse(T(1)), crm_join: Date.parse('2027-12-01T00:00:00.000Z') });
    expect(last()).toBe(Date.parse('2027-12-01T00:00:00.000Z'));
  });

  test('counts from when it was recorded where the clock of the visitor was behind', () => {
    now = RECORDED + WITHDRAWN_DAYS * DAY_MS;
    expect(folded({ withdrawn_at: '2001-01-01T00:00:00.000Z' }).held()).toEqual(['s1']);
    now += 1;
    expect(folded({ withdrawn_at: '2001-01-01T00:00:00.000Z' }).held()).toEqual([]);
  });

  test('ends too where that clock was years ahead, and stops nobody whose clock is right', () => {
    now = RECORDED + 2 * WITHDRAWN_DAYS * DAY_MS + 1;
    const { held, of } = folded({ withdrawn_at: '9999-01-01T00:00:00.000Z' });
    expect(held()).toEqual([]);
    expect(of('nobody')?.['*']).toBeLessThan(now - WITHDRAWN_DAYS * DAY_MS);
  });

  test('a million of them are not held in memory, not while they are read either', () => {
    now = END + DAY_MS;
    const fold = createControlFold(() => now);
    const [everything, one] = [record(), record({ purposes: ['crm_join'] })];
    let most = 0;
    for (let n = 0; n < 1_000_000; n++) {
      const next: ConsentWithdrawn = { ...(n % 2 === 0 ? everything : one), subject: `subject-${n}` };
      fold.take(next);
      most = Math.max(most, fold.state.consent_withdrawn.get('shop-fr')?.subjects.size ?? 0);
    }
    expect([most, fold.state.consent_withdrawn.size]).toEqual([0, 1]);
  });

  test('is held for good in what is read once: an export tells of it, and an old failure is judged by it', () => {
    expect(after({ at: '1999-01-01T00:00:00.000Z', withdrawn_at: '1999-01-01T00:00:00.000Z' })).toEqual({
      '*': Date.parse('1999-01-01T00:00:00.000Z'),
    });
  });
});

test.each<[string, object, string]>([
  ['no site', { site: '' }, 'consent_withdrawn: site must be a text of 1 to 2000 characters'],
  ['no subject', { subject: undefined }, 'consent_withdrawn: subject must be a text of 1 to 2000 characters'],
  ['no purpose in the list', { purposes: [] }, 'consent_withdrawn: purposes must be a list of 1 to 32 texts'],
  ['what is no list', { purposes: 'audience' }, 'consent_withdrawn: purposes must be a list of 1 to 32 texts'],
  [
    'no time',
    { withdrawn_at: 'now' },
    'consent_withdrawn: withdrawn_at must be a time such as 2026-11-22T10:00:00.000Z',
  ],
])('a record with %s is refused', (_, changed, fault) => {
  expect(controlFault({ ...record(), ...changed })).toBe(fault);
});
