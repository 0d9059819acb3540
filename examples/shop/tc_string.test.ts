import { TCString } from '@iabtcf/core';
import { expect, test } from 'vitest';

// The pages of the shop are plain scripts, without types.
const PATH = './public/tc_string.js';
const { decode, encode } = (await import(PATH)) as {
  readonly encode: (answer: Readonly<Record<string, boolean>>) => string;
  readonly decode: (
    text: string,
    signals: readonly string[],
  ) => { readonly answer: Readonly<Record<string, boolean>>; readonly at: Date };
};

const ANSWER = { 'purpose.1': true, 'purpose.7': false, 'purpose.8': true, 'purpose.9': true, 'custom.1': true };

test('an answer is a TC string that any reader of the framework decodes to the same', () => {
  const model = TCString.decode(encode(ANSWER));
  expect([...model.purposeConsents].filter(([, granted]) => granted).map(([id]) => id)).toEqual([1, 8, 9]);
  expect([...model.publisherConsents].filter(([, granted]) => granted).map(([id]) => id)).toEqual([1, 8, 9]);
  expect(model.publisherCustomConsents.has(1)).toBe(true);
  expect(model).toMatchObject({ isServiceSpecific: true, publisherCountryCode: 'FR', policyVersion: 5 });
  expect(model.vendorConsents.size).toBe(0);
});

test('it is read back as it was said, with the day', () => {
  const { answer, at } = decode(encode(ANSWER), Object.keys(ANSWER));
  expect(answer).toEqual(ANSWER);
  expect(Date.now() - at.getTime()).toBeLessThan(86_400_000);
});

test.each(['', 'no TC string', encode(ANSWER).slice(0, 12)])('%j is none', (text) => {
  expect(() => decode(text, ['purpose.1'])).toThrow();
});
