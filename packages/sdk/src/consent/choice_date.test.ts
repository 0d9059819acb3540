import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createChoiceDate } from './choice_date.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const before = { of: 'yes', at: NOW - 86_400_000, granted: [], stamp: '{}' };

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the date of a choice', () => {
  it.each([
    ['without a date', undefined, NOW],
    ['with a date', '2026-11-20T00:00:00Z', Date.parse('2026-11-20')],
    ['with what is no date', 'yesterday', Number.NaN],
  ])('told %s', (_, at, wanted) => {
    const date = createChoiceDate();
    date.hear(false);
    expect(date.date(at, 'yes', undefined)).toBe(wanted);
    expect(date.date(at, 'yes', { ...before, of: 'no' })).toBe(wanted);
  });

  it.each([
    ['without a date', undefined, before.at],
    ['with an older one', '2026-11-20T00:00:00Z', before.at],
    ['with a later one', NOW, NOW],
  ])('told again %s', (_, at, wanted) => {
    const date = createChoiceDate();
    date.hear(false);
    expect(date.date(at, 'yes', before)).toBe(wanted);
  });

  it('is of now where the visitor was asked anew, and is the same where that is told again', () => {
    const date = createChoiceDate();
    date.hear(true);
    vi.setSystemTime(NOW + 5_000);
    date.hear(false);
    expect(date.date(undefined, 'yes', before)).toBe(NOW + 5_000);
    vi.setSystemTime(NOW + 9_000);
    date.hear(false);
    expect(date.date(undefined, 'yes', { ...before, at: NOW + 5_000 })).toBe(NOW + 5_000);
  });

  it('comes after what was taken back, even by the day and in the same millisecond', () => {
    const date = createChoiceDate();
    expect(date.takeBack()).toBe(new Date(NOW).toISOString());
    date.hear(false);
    expect(date.date(undefined, 'yes', undefined)).toBe(NOW + 1);
    expect(date.date('2026-11-22', 'less', before)).toBe(NOW + 1);
  });

  it('is taken back no earlier than it was chosen', () => {
    expect(createChoiceDate().takeBack(NOW + 7)).toBe(new Date(NOW + 7).toISOString());
    expect(createChoiceDate().takeBack(NOW - 7)).toBe(new Date(NOW).toISOString());
  });
});
