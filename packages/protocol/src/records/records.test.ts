import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseEvent } from '../schema.ts';
import { type SameFields, same } from './define.ts';
import { RECORDS } from './index.ts';

const base = {
  event_id: '019aa1c0-0000-7000-8000-000000000001',
  occurred_at: '2026-11-22T10:00:00.000Z',
  stamp: 0,
};

describe.each(RECORDS.map((record) => [record.type, record] as const))('%s', (type, record) => {
  it('takes its valid example unchanged', () => {
    expect(parseEvent({ ...base, type, props: record.valid })).toEqual({
      ok: true,
      event: { ...base, type, props: record.valid },
    });
  });

  it('tells where its invalid example is wrong', () => {
    expect(parseEvent({ ...base, type, props: record.invalid })).toMatchObject({
      ok: false,
      code: 'invalid_field',
      path: record.invalidAt,
    });
  });

  it('keeps the keys that it does not know', () => {
    const props = { ...record.valid, from_a_newer_client: { deep: [1, 'a'] } };
    expect(parseEvent({ ...base, type, props })).toMatchObject({ ok: true, event: { props } });
  });
});

it('names every record file in the index', () => {
  const shared = ['define.ts', 'fields.ts', 'form_field.ts', 'index.ts', 'item.ts', 'records.test.ts'];
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => !shared.includes(file));
  expect(RECORDS.map(({ type }) => `${type}.ts`).sort()).toEqual(files.sort());
});

it('does not compile an interface that its schema forgot a field of', () => {
  const forgetful = z.looseObject({ name: z.string() });
  same<SameFields<{ name: string }, typeof forgetful>>();
  // @ts-expect-error the schema has no colour
  same<SameFields<{ name: string; colour?: string | undefined }, typeof forgetful>>();
  // @ts-expect-error the schema wants text
  same<SameFields<{ name: number }, typeof forgetful>>();
  expect(forgetful.safeParse({ name: 'boot', colour: 'red' }).data).toEqual({ name: 'boot', colour: 'red' });
});
