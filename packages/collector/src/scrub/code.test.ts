import { describe, expect, it } from 'vitest';
import { cleanKeys } from './clean_keys.ts';
import { isCleanId, keepCode } from './code.ts';
import { createScrubber } from './scrub.ts';

const scrub = createScrubber();

describe('codes that join', () => {
  it.each([
    ['100023456'],
    ['0612345678'],
    // As loyalty cards are numbered: the check digit fits one in ten.
    ['4111111111111111'],
    ['ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['CMD-20261122-00042'],
    ['FR42'],
    ['/p/42'],
  ])('%s stays as it is', (code) => {
    expect(keepCode(code, scrub)).toBe(code);
    expect(isCleanId(code, scrub)).toBe(true);
  });

  it.each([
    ['FR7630006000011234567890189', '[iban]'],
    ['DE89370400440532013000', '[iban]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', '[jwt]'],
    ['jean@exemple.fr', '[email]'],
    ['+33612345678', '[phone]'],
    ['06 12 34 56 78', '[phone]'],
  ])('%s is none, and rests neither as a key nor as an id', (code, clean) => {
    expect(keepCode(code, scrub)).toBe(clean);
    expect(isCleanId(code, scrub)).toBe(false);
    expect(cleanKeys({ customer_id: code, order_id: 'W-1' }, scrub)).toEqual({ order_id: 'W-1' });
  });

  it('an id that is a UUID needs no look', () => {
    const isBlind = { text: () => '' };
    expect(isCleanId('0193527c-8f3a-7c2e-9d41-2b6f0a1c3d5e', isBlind)).toBe(true);
  });
});
