import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readCorpus } from './corpus/read.ts';
import { LIMITS } from './limits.ts';
import { batch, openBatch, parseEvent, pathOf } from './schema.ts';

describe('the corpus of batches', () => {
  it.each(readCorpus('valid'))('$name is a batch', ({ batch: sent }) => {
    expect(batch.safeParse(sent).error).toBeUndefined();
    for (const event of sent.events) expect(parseEvent(event)).toEqual({ ok: true, event });
  });

  it.each(readCorpus('invalid'))('$name reads as an envelope, its bad items are told by path', (entry) => {
    expect(openBatch.safeParse(entry.batch).success).toBe(true);
    entry.results.forEach(({ status, code, path = '' }, index) => {
      if (status !== 'failed' || code === 'too_old') return;
      expect(parseEvent(entry.batch.events[index])).toMatchObject({ ok: false, code, path });
    });
  });

  it.each(readCorpus('refused').filter(({ code }) => code === 'bad_batch'))('$name is no envelope', (entry) => {
    const { error } = openBatch.safeParse(entry.batch);
    expect(pathOf(error?.issues[0]?.path ?? [])).toBe(entry.path);
    expect(error?.issues).toHaveLength(1);
  });
});

describe('parseEvent', () => {
  const event = {
    event_id: '019aa1c0-0000-7000-8000-000000000001',
    type: 'custom',
    occurred_at: '2026-11-22T10:00:00.000Z',
    stamp: 0,
  };

  it('refuses a reserved key wherever it stands', () => {
    const hostile = JSON.parse('{"props":{"list":[{"__proto__":{"isAdmin":true}}]}}');
    expect(parseEvent({ ...event, ...hostile })).toMatchObject({
      ok: false,
      code: 'forbidden_key',
      path: 'props.list[0].__proto__',
    });
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('refuses a number that JSON can write and nobody can hold', () => {
    expect(parseEvent({ ...event, ...JSON.parse('{"props":{"n":1e999}}') })).toMatchObject({
      code: 'number_out_of_range',
      path: 'props.n',
    });
  });

  it.each(['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])('reads the year of %s', (occurred_at) => {
    expect(parseEvent({ ...event, occurred_at }).ok).toBe(true);
  });

  it('takes exactly the depth and key counts of the limits', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) });
    // The event is level 1 and props is level 2.
    expect(parseEvent({ ...event, props: nested(LIMITS.depth - 1) }).ok).toBe(true);
    expect(parseEvent({ ...event, props: nested(LIMITS.depth) }).ok).toBe(false);
    const wide = (keys: number) => Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, 1]));
    expect(parseEvent({ ...event, props: wide(LIMITS.keys) }).ok).toBe(true);
    expect(parseEvent({ ...event, props: wide(LIMITS.keys + 1) }).ok).toBe(false);
  });

  it('survives nesting of any depth', () => {
    const bomb = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(parseEvent({ ...event, props: { bomb } })).toMatchObject({ code: 'too_deep' });
  });
});

it('the published JSON Schema is the one that the schemas make', async () => {
  const schema = z.toJSONSchema(batch, { target: 'draft-2020-12', io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../batch.schema.json');
});
