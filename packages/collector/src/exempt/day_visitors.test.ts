import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { createDayVisitors } from './day_visitors.ts';

const DAY_MS = 86_400_000;
const NOON = 20_000 * DAY_MS + DAY_MS / 2;
const VISITOR = { address: '203.0.113.77', userAgent: 'Browser' };

/** Salts that are told apart: 1, 2, 3 … */
const salts = () => {
  const made: Buffer[] = [];
  const random = (bytes: number): Buffer => {
    made.push(Buffer.alloc(bytes, made.length + 1));
    return made.at(-1) as Buffer;
  };
  return { made, random };
};

it('is HMAC-SHA-256 of site, address and user agent under a salt of 256 bits', () => {
  const { made, random } = salts();
  const told = ['shop', '203.0.113.77', 'Browser'].join('\0');
  const expected = createHmac('sha256', Buffer.alloc(32, 1)).update(told).digest('base64url').slice(0, 22);
  expect(createDayVisitors(random).mark('shop', NOON, VISITOR)).toBe(expected);
  expect(made.map(({ length }) => length)).toEqual([32]);
});

it('is the same within a site and a day of UTC, and no longer', () => {
  const visitors = createDayVisitors();
  const mark = visitors.mark('shop', NOON, VISITOR);
  expect(visitors.mark('shop', NOON + DAY_MS / 2 - 1, VISITOR)).toBe(mark);
  expect(visitors.mark('other', NOON, VISITOR)).not.toBe(mark);
  expect(visitors.mark('shop', NOON, { ...VISITOR, address: '203.0.113.78' })).not.toBe(mark);
  expect(visitors.mark('shop', NOON, { ...VISITOR, userAgent: undefined })).not.toBe(mark);
  expect(visitors.mark('shop', NOON + DAY_MS / 2, VISITOR)).not.toBe(mark);
  // Nor can it be made again: the clock is back, the salt is not.
  expect(visitors.mark('shop', NOON, VISITOR)).not.toBe(mark);
});

it('overwrites the salts of a day that is over, of sites that nobody visits any more too', () => {
  const { made, random } = salts();
  const visitors = createDayVisitors(random);
  visitors.mark('shop', NOON, VISITOR);
  visitors.mark('closed', NOON, VISITOR);
  expect(made.map((salt) => salt[0])).toEqual([1, 2]);
  visitors.mark('shop', NOON + DAY_MS, VISITOR);
  expect(made.map((salt) => salt.every((byte) => byte === 0))).toEqual([true, true, false]);
});
