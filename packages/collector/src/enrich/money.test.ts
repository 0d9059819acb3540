import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountMinor } from './money.ts';

describe('amountMinor', () => {
  it.each([
    [129.9, 'EUR', 12990],
    [0, 'EUR', 0],
    [-0, 'EUR', 0],
    [-4.5, 'EUR', -450],
    [1500, 'JPY', 1500],
    [1500.5, 'JPY', 1501],
    [12.3456, 'TND', 12346],
    [12.34565, 'CLF', 123457],
    [10, 'UYW', 100000],
    // ISO 4217's code for no currency: it has no minor unit, and counts as if it had two digits.
    [1, 'XXX', 100],
    [1e12, 'EUR', 1e14],
  ])('%d %s is %d', (value, currency, minor) => {
    expect(amountMinor(value, currency)).toBe(minor);
  });

  it.each([
    [1.005, 101],
    [-1.005, -101],
    [8.165, 817],
    [1.004999, 100],
    [0.1 + 0.2, 30],
    [129.999999999999, 13000],
    [1e-7, 0],
    [-1e-7, 0],
  ])('rounds half away from zero on the decimal text: %d EUR', (value, minor) => {
    expect(amountMinor(value, 'EUR')).toBe(minor);
  });

  it('gives nothing where the result would not be exact', () => {
    expect(amountMinor(Number.MAX_SAFE_INTEGER, 'JPY')).toBe(Number.MAX_SAFE_INTEGER);
    expect(amountMinor(Number.MAX_SAFE_INTEGER + 1, 'JPY')).toBeUndefined();
    expect(amountMinor(1e14, 'EUR')).toBeUndefined();
    expect(amountMinor(1e21, 'JPY')).toBeUndefined();
    expect(amountMinor(Number.NaN, 'EUR')).toBeUndefined();
    expect(amountMinor(Number.POSITIVE_INFINITY, 'EUR')).toBeUndefined();
  });

  it.each(['', 'eur', 'EURO', '€', 'EU1'])('gives nothing for a code of the wrong form: %j', (currency) => {
    expect(amountMinor(1, currency)).toBeUndefined();
  });

  it('gives back every amount written in minor units', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), fc.constantFrom(0, 2, 3, 4), (minor, digits) => {
        const currency = { 0: 'JPY', 2: 'EUR', 3: 'TND', 4: 'CLF' }[digits] as string;
        expect(amountMinor(minor / 10 ** digits, currency)).toBe(minor === 0 ? 0 : minor);
      }),
    );
  });
});
