import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readCorpus } from './corpus/read.ts';
import { quickCheck } from './quick.ts';
import { quickEvent } from './quick_event.ts';
import { RECORDS } from './records/index.ts';
import { batch, event, isSurelyBatch, openBatch, parseEvent } from './schema.ts';

const anEvent = (type: string, props: unknown) => ({
  event_id: '019aa1c0-0000-7000-8000-000000000001',
  type,
  occurred_at: '2026-11-22T10:00:00.000Z',
  stamp: 0,
  seq: 3,
  visitor_id: 'v-1',
  session_id: 's-1',
  page_view_id: 'p-1',
  page: { url: 'https://shop.example/a', title: 'A', referrer: '' },
  keys: { order_id: 'W-1' },
  props,
});

const schemas = RECORDS.map((record) => ({
  type: record.type as string,
  schema: event.extend({ props: record.props as never }) as unknown as typeof event,
  examples: [anEvent(record.type, record.valid), anEvent(record.type, record.invalid)] as unknown[],
}));
const sent = [...readCorpus('valid'), ...readCorpus('invalid')].flatMap((entry) => entry.batch.events as unknown[]);
const custom = { type: 'custom', schema: event, examples: [anEvent('custom', { size: 42, tags: ['a'] }), ...sent] };
const kinds = [...schemas, custom].map((kind) => ({ ...kind, isSure: quickEvent(kind.schema) }));

/** What stands at the edge of some rule, or beyond it. */
const edges: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1, 255, 1e6, 1_000_001, 1e12, 1e12 + 1, -1e12 - 1, 31_536_000_000, 31_536_000_001],
  ...[2 ** 53 - 1, 2 ** 53, 1e300, -1e300, '', ' ', 'a', '7', 'EUR', 'eur', 'EURO', 'page_view', 'Page', 'a@b.example'],
  ...[64, 65, 100, 101, 200, 201, 500, 501, 4096, 4097].map((length) => 'x'.repeat(length)),
  ...[
    'https://a.example/b',
    'HTTPS://A',
    'app+x.y-z://c',
    '/relative',
    'https://',
    'https:// x',
    '019AA1C0-0000-7000-8000-00000000000A',
  ],
  ...[
    '019aa1c0-0000-7000-8000-00000000000',
    '2026-11-22T10:00:00Z',
    '2026-11-22T10:00:00.1+01:00',
    '2026-11-22T24:00:00Z',
  ],
  ...['2024-02-29T10:00:00Z', '2026-02-29T10:00:00Z', '2026-11-22', '2026-11-22T10:00:00', 'load', 'granted'],
  ...[
    [],
    [null],
    [{}],
    {},
    { url: 'https://a.example' },
    { item_id: 'a' },
    { constructor: 'a' },
    { constructor: { b: 1 } },
  ],
  ...[
    [
      { item_id: 'a', price: 1 },
      { item_name: 'b', quantity: 1.5 },
    ],
    [[]],
    { length: 3 },
    { toString: 'a' },
  ],
];
const names = [
  'value',
  'currency',
  'items',
  'extra',
  'constructor',
  'toString',
  'length',
  'order_id',
  'email_hmac',
  'x',
  'y',
];

type Change = { at: number[]; do: 'set' | 'remove' | 'add'; name: string; value: unknown };
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  do: fc.constantFrom('set', 'set', 'remove', 'add'),
  name: fc.constantFrom(...names),
  value: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...edges) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  ),
});

/** Changes one place of a JSON value: `at` picks a key at each level, as deep as there are levels. */
function apply(root: Record<string, unknown>, { at, do: what, name, value: given }: Change): void {
  const value = structuredClone(given);
  let holder = root;
  for (const [level, pick] of at.entries()) {
    const keys = Object.keys(holder);
    const key = keys[pick % Math.max(1, keys.length)];
    const inner = key === undefined ? undefined : holder[key];
    if (level < at.length - 1 && typeof inner === 'object' && inner !== null) {
      holder = inner as Record<string, unknown>;
      continue;
    }
    if (Array.isArray(holder)) holder.push(value);
    else if (what === 'add' || key === undefined) holder[name] = value;
    else if (what === 'set') holder[key] = value;
    else delete holder[key];
    return;
  }
}

const nearValid = fc.constantFrom(...kinds).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    item: fc.tuple(fc.constantFrom(...kind.examples), fc.array(change, { maxLength: 3 })).map(([example, changes]) => {
      const item = JSON.parse(JSON.stringify(example));
      for (const one of changes) if (typeof item === 'object' && item !== null) apply(item, one);
      return JSON.parse(JSON.stringify(item)) as unknown;
    }),
  }),
);

describe('the quick check', () => {
  it('calls nothing valid that the schema refuses, or would change', () => {
    let sure = 0;
    fc.assert(
      fc.property(nearValid, ({ kind, item }) => {
        const general = quickCheck(kind.schema)(item);
        const named = kind.isSure(item);
        if (!general && !named) return;
        sure++;
        const parsed = kind.schema.safeParse(item);
        expect(parsed.error).toBeUndefined();
        expect(parsed.data).toStrictEqual(item);
      }),
      { numRuns: 6_000 },
    );
    expect(sure).toBeGreaterThan(500);
  });

  it('tells of an event what the schema tells', () => {
    fc.assert(
      fc.property(nearValid, ({ item }) => {
        const parsed = parseEvent(item);
        if (parsed.ok) expect(event.safeParse(item).data).toStrictEqual(parsed.event);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(kinds.slice(0, -1))('knows a good $type at sight', ({ isSure, schema, examples: [good, bad] }) => {
    expect([isSure(good), isSure(bad)]).toEqual([true, false]);
    expect([quickCheck(schema)(good), quickCheck(schema)(bad)]).toEqual([true, false]);
  });

  it.each(readCorpus('valid'))('knows $name and its events at sight', (entry) => {
    expect(isSurelyBatch(entry.batch)).toBe(true);
    expect(quickCheck(batch)(entry.batch)).toBe(true);
    for (const one of entry.batch.events) expect(quickEvent(event)(one)).toBe(true);
  });

  it.each(readCorpus('refused').filter(({ code }) => code === 'bad_batch'))('leaves $name to the schema', (entry) => {
    expect(openBatch.safeParse(entry.batch).success).toBe(false);
    expect(isSurelyBatch(entry.batch)).toBe(false);
  });

  it.each<[string, z.ZodType, unknown]>([
    ['an object that leaves unknown keys out', z.object({ a: z.string() }), { a: 'x', b: 1 }],
    ['an object that refuses them', z.strictObject({ a: z.string() }), { a: 'x', b: 1 }],
    ['a text that is trimmed', z.string().trim(), ' a '],
    ['a text in a format of its own', z.email(), 'a@b.example'],
    ['two patterns', z.string().regex(/a/).regex(/b/), 'ab'],
    ['a pattern that remembers', z.string().regex(/a/g), 'a'],
    ['a bound that is not in it', z.number().gt(1), 2],
    ['a step', z.number().multipleOf(2), 4],
    ['a number of 32 bits', z.int32(), 1],
    ['a transform', z.string().transform((text) => text.length), 'a'],
    ['a default', z.string().default('a'), 'a'],
    ['a null', z.string().nullable(), 'a'],
    ['an array of some length', z.array(z.string()).min(1), ['a']],
    ['a record of some keys', z.record(z.string().min(2), z.unknown()), { ab: 1 }],
    ['a record of some values', z.record(z.string(), z.string()), { a: 'b' }],
    ['an enum of numbers', z.enum({ one: 1 }), 1],
    ['a refined boolean', z.boolean().refine(() => true), true],
  ])('does not know %s', (_, schema, value) => {
    expect(quickCheck(schema)(value)).toBe(false);
  });
});

describe('the quick check of events', () => {
  const good = anEvent('custom', {});
  const bare = { event_id: good.event_id, type: 'custom', occurred_at: good.occurred_at, stamp: 0 };
  const page = event.shape.page.unwrap();

  it.each<[string, z.core.$ZodObject, unknown]>([
    ['a refinement', event.refine(() => false), good],
    ['a field more', event.extend({ shop: z.string() }), good],
    ['a page that must be there', event.extend({ page }), bare],
    ['a refined page', event.extend({ page: page.refine(() => false).optional() }), good],
    ['a field more of the page', event.extend({ page: page.extend({ lang: z.string() }).optional() }), good],
    ['props that must be there', event.extend({ props: event.shape.props.unwrap() }), bare],
  ])('minds %s', (_, schema, item) => {
    expect(quickEvent(event)(item)).toBe(true);
    expect(quickEvent(schema)(item)).toBe(false);
  });
});
