import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalTime } from './canonical_time.ts';

describe('canonicalTime', () => {
  it('reads what toISOString writes', () => {
    const range = { min: new Date('1000-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z') };
    fc.assert(
      fc.property(fc.date({ ...range, noInvalidDate: true }), (date) => {
        const text = date.toISOString();
        if (!text.includes('-02-29T')) expect(canonicalTime(text)).toBe(date.getTime());
      }),
    );
  });

  it('reads nothing that toISOString would write otherwise', () => {
    const text = '2026-11-22T10:00:00.000Z';
    const change = fc.tuple(
      fc.nat(text.length - 1),
      fc.oneof(fc.constantFrom(...'0123456789'), fc.constantFrom(...'-:.TZ+ a\u0661')),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const characters = [...text];
        for (const [at, character] of changes) characters[at] = character;
        const changed = characters.join('');
        const time = canonicalTime(changed);
        if (time !== undefined) expect(new Date(time).toISOString()).toBe(changed);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '2026-02-29T10:00:00.000Z',
    '2024-02-29T10:00:00.000Z',
    '2026-11-31T10:00:00.000Z',
    '2026-11-22T24:00:00.000Z',
    '2026-11-22T10:00:60.000Z',
    '0099-11-22T10:00:00.000Z',
    '2026-11-22T10:00:00.000+',
    '2026-11-22T10:00:00Z',
    '',
  ])('leaves %j to Date.parse', (text) => {
    expect(canonicalTime(text)).toBeUndefined();
  });
});
