import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { exampleChunk, exampleEvent, exampleRecord } from './example-chunks.ts';
import { REFUSED_QUERIES } from './refused-queries.ts';

/** What an operator's query may do on any engine, and what not. */
export function queryContract(name: string, open: (folder: string) => Promise<Engine>): void {
  describe(`${name} as asked by an operator`, () => {
    let folder: string;
    let engine: Engine;
    const events = Array.from({ length: 30 }, (_, n) => exampleEvent(n));

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parcours-queries-'));
      engine = await open(folder);
      await engine.load(exampleChunk([exampleRecord(events)]));
    });
    afterAll(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });

    const one = async (sql: string): Promise<unknown> => (await engine.query(sql)).rows[0]?.[0];

    // The name as JSON: one of them holds a NUL, which would make a report binary.
    it.each(REFUSED_QUERIES.map(([sql, code]) => ({ shown: JSON.stringify(sql), sql, code })))(
      'refuses $shown as $code',
      async ({ sql, code }) => {
        const refused = await engine.query(sql, { timeoutMs: 1_000 }).then(
          () => undefined,
          (error) => error,
        );
        expect(refused).toMatchObject({ name: 'QueryError', code });
        expect(refused.message).not.toMatch(/\n/);
        expect(await one('SELECT count(*) FROM events')).toBe(30);
      },
    );

    it.each([
      ['SELECT count(*) FROM events', 30],
      ['WITH a AS (SELECT seq FROM events) SELECT max(seq) FROM a', 29],
      ['WITH A AS (SELECT 5 AS x), b AS (SELECT x FROM a) SELECT x FROM B', 5],
      ['SELECT 1;', 1],
      ['/* why */ SELECT 1 -- because', 1],
      ["SELECT 'a; DROP TABLE events'", 'a; DROP TABLE events'],
    ])('answers %s', async (sql, answer) => {
      expect(await one(sql)).toBe(answer);
    });

    it('returns at most so many rows, and says whether there were more', async () => {
      expect(await engine.query('SELECT seq FROM events', { maxRows: 30 })).toMatchObject({ truncated: false });
      const some = await engine.query('SELECT seq FROM events', { maxRows: 7 });
      expect(some).toMatchObject({ truncated: true });
      expect(some.rows).toHaveLength(7);
    });

    it('returns at most so many bytes, and says that there was more', async () => {
      const few = await engine.query('SELECT url FROM events', { maxBytes: 100 });
      expect(few.truncated).toBe(true);
      expect(few.rows.length).toBeLessThan(10);
    });
  });
}
