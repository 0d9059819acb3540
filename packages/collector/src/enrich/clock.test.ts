import { LIMITS } from '@parcours/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctClock } from './clock.ts';

const NOW = '2026-11-22T10:00:00.000Z';
const receivedAt = Date.parse(NOW);
const at = (ms: number) => new Date(receivedAt + ms).toISOString();
const correct = (occurredAt: string, sentAt: string) => correctClock({ occurredAt, sentAt, receivedAt }, LIMITS);

describe('correctClock', () => {
  it('leaves a time alone while the skew is within the limit', () => {
    expect(correct(at(-60_000), at(-LIMITS.skewMs))).toEqual({ occurred_at: at(-60_000) });
    expect(correct(at(-60_000), at(LIMITS.skewMs))).toEqual({ occurred_at: at(-60_000) });
  });

  it('moves a time by the skew beyond it and keeps what the sender said', () => {
    expect(correct(at(-3_600_000), at(-3_590_000))).toEqual({
      occurred_at: at(-10_000),
      client_occurred_at: at(-3_600_000),
    });
    expect(correct(at(3_590_000), at(3_600_000))).toEqual({
      occurred_at: at(-10_000),
      client_occurred_at: at(3_590_000),
    });
  });

  it('sets a time that lies too far ahead to the time of receipt', () => {
    expect(correct(at(LIMITS.futureMs), NOW)).toEqual({ occurred_at: at(LIMITS.futureMs) });
    expect(correct(at(LIMITS.futureMs + 1), NOW)).toEqual({
      occurred_at: NOW,
      client_occurred_at: at(LIMITS.futureMs + 1),
    });
  });

  it('refuses a time further back than may be written', () => {
    const oldest = -LIMITS.backdateDays * 86_400_000;
    expect(correct(at(oldest), NOW)).toEqual({ occurred_at: at(oldest) });
    expect(correct(at(oldest - 1), NOW)).toEqual({ fault: 'too_old' });
  });

  it('reads offsets and short forms and writes UTC with milliseconds', () => {
    expect(correct('2026-11-22T10:59:00+01:00', NOW)).toEqual({ occurred_at: '2026-11-22T09:59:00.000Z' });
    expect(correct('2026-11-22T09:59:00.1234567Z', NOW)).toEqual({ occurred_at: '2026-11-22T09:59:00.123Z' });
    expect(correct('2026-11-21T24:00:00.000Z', NOW)).toEqual({ occurred_at: '2026-11-22T00:00:00.000Z' });
  });

  it('survives years 1 and 9999', () => {
    const one = '0001-01-01T00:00:00+14:00';
    const last = '9999-12-31T23:59:59-14:00';
    expect(correct(one, NOW)).toEqual({ fault: 'too_old' });
    expect(correct(one, last)).toEqual({ fault: 'too_old' });
    expect(correct(one, one)).toEqual({ occurred_at: NOW, client_occurred_at: '0001-01-01T00:00:00.000Z' });
    expect(correct(last, last)).toEqual({ occurred_at: NOW, client_occurred_at: '9999-12-31T23:59:59.999Z' });
    expect(correct(last, one)).toEqual({ occurred_at: NOW, client_occurred_at: '9999-12-31T23:59:59.999Z' });
    expect(correct(last, NOW)).toEqual({ occurred_at: NOW, client_occurred_at: '9999-12-31T23:59:59.999Z' });
  });

  it('takes the time of sending in milliseconds too', () => {
    const late = { occurredAt: at(-3_600_000), receivedAt };
    expect(correctClock({ ...late, sentAt: receivedAt - 3_590_000 }, LIMITS)).toEqual(
      correctClock({ ...late, sentAt: at(-3_590_000) }, LIMITS),
    );
  });

  it('says so when a time cannot be read', () => {
    expect(correct('yesterday', NOW)).toEqual({ fault: 'invalid_field' });
    expect(correct(NOW, '')).toEqual({ fault: 'invalid_field' });
  });

  it('keeps the distance between two events of one batch, whatever the clock', () => {
    const skew = fc.integer({ min: -1e12, max: 1e12 });
    const age = fc.integer({ min: 0, max: LIMITS.queueDays * 86_400_000 });
    fc.assert(
      fc.property(skew, age, age, (off, a, b) => {
        const times = [a, b].map((back) => correct(at(off - back), at(off)));
        const [first, second] = times.map((time) => (time.fault ? Number.NaN : Date.parse(time.occurred_at)));
        expect(second! - first!).toBe(a - b);
      }),
    );
  });
});
