import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isReceiptId, type ReceiptClaims, receiptIdOf, subjectOf } from './ids.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const VISITOR = '0190a0a0-0000-7000-8000-000000000001';
/** Made by Python's `hmac` and `json.dumps(…, separators=(',', ':'))`: another hand, the same bytes. */
const SUBJECT = 'cG4VZlbd75rZlv3FLxB7XJo4n9pWtZFAcmNE708oj4U';
const claims: ReceiptClaims = {
  subject: SUBJECT,
  at: '2026-11-22T10:00:00.000Z',
  purposes: ['audience', 'ads_measurement'],
  source: 'tcf',
  policy: 'cG9saWN5LWhhc2gtMjItYy',
};

test('a subject is the keyed hash of site and visitor', () => {
  expect(subjectOf(KEY, 'shop-fr', VISITOR)).toBe(SUBJECT);
  expect(subjectOf(KEY, 'shop-be', VISITOR)).not.toBe(SUBJECT);
  expect(subjectOf(new Uint8Array(32), 'shop-fr', VISITOR)).not.toBe(SUBJECT);
});

test.each<[string, ReceiptClaims, string]>([
  ['a grant', claims, 'iLaSX6Re2kS_kT78URYvbQ'],
  [
    'the same in another order, one purpose twice',
    { ...claims, purposes: ['ads_measurement', 'audience', 'audience'] },
    'iLaSX6Re2kS_kT78URYvbQ',
  ],
  [
    'a grant without policy',
    { subject: SUBJECT, at: claims.at, purposes: ['audience'], source: 'manual' },
    'nqtO10_SNyat-3qw-Xyt8g',
  ],
  [
    'a withdrawal',
    { subject: SUBJECT, at: claims.at, purposes: ['audience'], source: 'manual', action: 'withdraw' },
    'IsuOIcY1A8kBXgDHUWGPMw',
  ],
])('the id of %s is the vector', (_, given, id) => {
  expect(receiptIdOf(KEY, given)).toBe(id);
});

describe('an id stands for its claims and no others', () => {
  test.each<[string, Partial<ReceiptClaims>]>([
    ['another visitor', { subject: subjectOf(KEY, 'shop-fr', 'other') }],
    ['another date', { at: '2026-11-22T10:00:00.001Z' }],
    ['a purpose more', { purposes: ['audience', 'ads_measurement', 'crm_join'] }],
    ['a purpose less', { purposes: ['audience'] }],
    ['another source', { source: 'manual' }],
    ['another policy', { policy: 'x' }],
    ['no policy', { policy: undefined }],
    ['a withdrawal', { action: 'withdraw' }],
  ])('%s', (_, change) => {
    const id = receiptIdOf(KEY, claims);
    expect(isReceiptId(KEY, claims, id)).toBe(true);
    expect(isReceiptId(KEY, { ...claims, ...change }, id)).toBe(false);
  });

  test('neither a longer text nor an empty one', () => {
    const id = receiptIdOf(KEY, claims);
    for (const other of ['', `${id}A`, id.slice(1), `é${id.slice(1)}`]) {
      expect(isReceiptId(KEY, claims, other)).toBe(false);
    }
  });

  test('whatever the fields hold: what is moved from one into the next is another id', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ',', '"', '\\', '[', ']', '\u0000', '\ud800', 'é'),
      maxLength: 6,
    });
    const any = fc.record({
      subject: text,
      at: text,
      purposes: fc.array(text, { maxLength: 3 }),
      source: text,
      policy: text,
    });
    fc.assert(
      fc.property(any, any, (a, b) => {
        const plain = (each: typeof a) => [
          each.subject,
          each.at,
          [...new Set(each.purposes)].sort(),
          each.source,
          each.policy,
        ];
        expect(receiptIdOf(KEY, a) === receiptIdOf(KEY, b)).toBe(equal(plain(a), plain(b)));
      }),
      { numRuns: 2_000 },
    );
    expect(receiptIdOf(KEY, { ...claims, source: 'a', policy: 'bc' })).not.toBe(
      receiptIdOf(KEY, { ...claims, source: 'ab', policy: 'c' }),
    );
    expect(subjectOf(KEY, 'shop', 'fr-1')).not.toBe(subjectOf(KEY, 'shop-fr', '-1'));
  });
});

const equal = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length &&
  a.every((value, index) => (Array.isArray(value) ? equal(value, b[index] as unknown[]) : value === b[index]));
