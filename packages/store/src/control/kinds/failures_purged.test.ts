import { expect, it } from 'vitest';
import { foldControl } from '../fold.ts';
import type { FailuresPurged } from './failures_purged.ts';

const at = '2026-11-22T10:00:00.000Z';
const later = '2026-11-23T10:00:00.000Z';
const purge = (id: string, more: Partial<FailuresPurged> = {}): FailuresPurged => ({
  ...{ v: 1, id, at, kind: 'failures_purged', before: at },
  ...more,
});
/** The ids of the records that count, whatever the order they come in. */
function counting(...records: readonly FailuresPurged[]): readonly string[] {
  const [one, other] = [records, [...records].reverse()].map((some) => foldControl(some).failures_purged);
  expect(other).toEqual(one);
  return [...one!.values()].map(({ id }) => id).sort();
}

it('holds of those about the same site and code the one that reaches furthest, and of equals the first', () => {
  expect(counting(purge('1'), purge('2', { before: later }))).toEqual(['2']);
  expect(counting(purge('2'), purge('1'))).toEqual(['1']);
  expect(counting(purge('1', { at: later }), purge('2'))).toEqual(['2']);
});

it('holds those about other sites and codes beside one another', () => {
  const others = [
    purge('1'),
    purge('2', { site: 'a' }),
    purge('3', { code: 'a' }),
    purge('4', { site: 'a', code: 'a' }),
  ];
  expect(counting(...others)).toEqual(['1', '2', '3', '4']);
});
