import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readCorpus } from './corpus/read.ts';
import { quickCheck } from './quick.ts';
import { event, RECORDS } from './schema.ts';

/** A value with one thing wrong, or odd, somewhere in it. */
const ODD = fc.oneof(
  fc.constantFrom(null, '', ' ', -1, 0.5, 1e13, 'EUR', 'eur', true, [], {}, '2026-11-22', '/relative', 'x'.repeat(600)),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Sets, or takes away, one field anywhere in a JSON value. */
function spoil(value: unknown, path: number, odd: unknown): unknown {
  if (typeof value !== 'object' || value === null) return odd;
  const keys = Object.keys(value);
  const key = keys[path % (keys.length + 1)];
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  if (key === undefined) copy.not_known = odd;
  else if (path % 7 === 0 && !Array.isArray(value)) delete copy[key];
  else copy[key] = spoil(copy[key], Math.floor(path / (keys.length + 1)), odd);
  return copy;
}

const examples = RECORDS.map((record) => ({
  event_id: '019aa1c0-0000-7000-8000-000000000001',
  type: record.type as string,
  occurred_at: '2026-11-22T10:00:00.000Z',
  stamp: 0,
  props: record.valid as unknown,
}));
const known = [...readCorpus('valid').flatMap(({ batch }) => batch.events), ...examples];

describe('quickCheck', () => {
  const checks = RECORDS.map((record) => {
    const schema = event.extend({ props: record.props as never });
    return { type: record.type, schema, check: quickCheck(schema) };
  });

  it.each(checks)('is sure of the valid example of $type', ({ type, check }) => {
    expect(check(examples.find((example) => example.type === type))).toBe(true);
  });

  it('is never surer than the schema, which then leaves the value as it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        fc.nat({ max: 5_000 }),
        ODD,
        fc.constantFrom(...checks),
        (one, path, odd, by) => {
          const spoilt = JSON.parse(JSON.stringify(spoil(one, path, odd) ?? null));
          if (by.check(spoilt)) expect(by.schema.safeParse(spoilt)).toEqual({ success: true, data: spoilt });
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('is sure of nothing where it does not know a rule', () => {
    expect(quickCheck(z.date())(new Date())).toBe(false);
    expect(quickCheck(z.string().transform((text) => text.length))('abc')).toBe(false);
  });
});
