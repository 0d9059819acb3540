import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { erasedHash, type SubjectId } from '../control/subject_ids.ts';
import type { StoredEvent } from '../log/record.ts';
import type { Engine, Erasure } from './engine.ts';
import { DAY_MS, eventId, exampleChunk, exampleEvent, exampleRecord, T0 } from './example-chunks.ts';

const KEY = new Uint8Array(32).fill(9);

const erasure = (id: string, ids: readonly SubjectId[], more: Partial<Erasure> = {}): Erasure => ({
  id,
  hashes: ids.map((each) => erasedHash(KEY, each)),
  ...more,
});

/** What every engine must do for whoever erases. */
export function erasuresContract(name: string, open: (folder: string) => Promise<Engine>): void {
  describe(`${name} erases`, () => {
    let folder: string;
    let engine: Engine;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parcours-erase-'));
      engine = await open(folder);
    });
    afterEach(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });

    const load = (events: readonly StoredEvent[], more: object = {}, segment = 1) =>
      engine.load(exampleChunk([exampleRecord(events, more)], { segment }));
    const event = (n: number, more: Partial<StoredEvent>): StoredEvent => {
      const { visitor_id: _, ...rest } = exampleEvent(n);
      return { ...rest, ...more };
    };
    const left = async (table = 'events'): Promise<unknown[]> => {
      const column = table === 'events' ? 'seq' : "CAST(json_extract_string(item, '$.seq') AS INTEGER)";
      return (await engine.query(`SELECT ${column} FROM ${table} ORDER BY 1`)).rows.map(([value]) => value);
    };
    const erase = (...erasures: Erasure[]) => engine.eraseSubjects({ key: KEY, erasures });
    const V = { kind: 'visitor', value: 'v-1' } as const;

    it.each<[string, SubjectId, Partial<StoredEvent>]>([
      ['a visitor', V, { visitor_id: 'v-1' }],
      ["a sender's own visitor", V, { visitor_id: 'v-2', client_visitor_id: 'v-1' }],
      ['a customer', { kind: 'customer_id', value: 'C-7' }, { visitor_id: 'v-2', keys: { customer_id: 'C-7' } }],
      ['a card', { kind: 'loyalty_card', value: 'L-7' }, { keys: { loyalty_card: 'L-7' } }],
      ['an e-mail', { kind: 'email', value: 'h1' }, { keys: { email_hmac: 'h1' } }],
      ['a phone', { kind: 'phone', value: 'h2' }, { keys: { phone_hmac: 'h2' } }],
      ["an order's rows that name nobody", { kind: 'order_id', value: 'O-1' }, { order_id: 'O-1' }],
      ["a session's rows that name nobody", { kind: 'session', value: 's-1' }, { session_id: 's-1' }],
      [
        'an id with quotes, lines and accents',
        { kind: 'customer_id', value: "é'\n😀" },
        { keys: { customer_id: "é'\n😀" } },
      ],
      ['an id with a zero in it', { kind: 'customer_id', value: 'C\0-7' }, { keys: { customer_id: 'C\0-7' } }],
    ])('%s, whether its ids are told or only their hashes, and nobody else', async (_, id, named) => {
      const others = [
        event(2, { visitor_id: 'v-9' }),
        event(3, { visitor_id: 'v-9', order_id: 'O-1', session_id: 's-1', keys: { coupon: 'C-7', qr: 'L-7' } }),
        event(4, {}),
      ];
      await load([event(1, named), ...others]);
      expect(await erase(erasure('1', [id]))).toEqual({ events: 1, failed: 0, days: 1 });
      expect(await left()).toEqual([2, 3, 4]);
      // Sent again, by a queue that was offline: it does not come back, whatever time it tells.
      const late = { ...event(5, named), occurred_at: '2027-11-20T10:00:00.000Z' };
      expect(await load([late, event(6, { visitor_id: 'v-9' })], {}, 2)).toMatchObject({ loaded: 1, erased: 1 });
      expect(await left()).toEqual([2, 3, 4, 6]);
      const fresh = await open(join(folder, 'other'));
      await fresh.load(exampleChunk([exampleRecord([event(1, named), ...others])]));
      expect(await fresh.eraseSubjects({ key: KEY, erasures: [erasure('1', [id], { ids: [id] })] })).toMatchObject({
        events: 1,
      });
      await fresh.close();
    });

    it('an event under an id that came with an erased one before is the first of its id', async () => {
      await erase(erasure('1', [{ kind: 'visitor', value: 'v-1' }]));
      const theirs = event(1, { visitor_id: 'v-1' });
      const others = event(1, {});
      expect(await load([theirs, others, theirs, others])).toMatchObject({ loaded: 1, erased: 2, duplicates: 1 });
      expect(await left()).toEqual([1]);
    });

    it('what rows tell together is told once however many tell it, of one kind of id and of thousands of ids', async () => {
      const keys = { customer_id: 'C-7' };
      await load([1, 2, 3].map((n) => event(n, { visitor_id: 'v-1', keys })));
      const told = [
        {
          site: 'shop-fr',
          ids: [
            { kind: 'visitor', value: 'v-1' },
            { kind: 'customer_id', value: 'C-7' },
          ],
        },
      ];
      const customer = { kind: 'customer_id', value: 'C-7' } as const;
      expect(await engine.toldBy({ ids: [customer], limit: 1 })).toEqual(told);
      const sessions = Array.from({ length: 20_000 }, (_, n) => ({
        kind: 'session' as const,
        value: `it's ${n} \ud800`,
      }));
      expect(await engine.toldBy({ ids: [...sessions, customer], site: 'shop-fr', limit: 1 })).toEqual(told);
      expect(await engine.countOf('events', { ids: [...sessions, customer] })).toEqual({ rows: 3, days: 1 });
    });

    it('failures too, of a shape that can be read or not', async () => {
      const failed = ['{"seq":1,"visitor_id":"v-1"}', '{"seq":2,"visitor_id":"v-2"}', 'v-1, no JSON', ''].map(
        (item) => ({
          ...{ stage: 'validate' as const, code: 'c', path: '', message: 'm' },
          item: item.startsWith('{') ? item : JSON.stringify({ seq: 3, note: item }),
        }),
      );
      await load([], { failed: [...failed, { ...failed[0]!, item: 'not JSON' }] });
      expect(await erase(erasure('1', [V]))).toEqual({ events: 0, failed: 1, days: 1 });
      expect(await engine.query('SELECT count(*) FROM failed')).toMatchObject({ rows: [[4]] });
      expect(await load([], { failed: failed.slice(0, 2) }, 2)).toMatchObject({ failed: 1, erased: 1 });
    });

    it.each([1, 20])(
      'what JSON tells however its text is written, one id of %i, on the site that is asked for',
      async (count) => {
        const told = ['{"keys":{"customer_id":"C-7"}}', '{"keys":{"customer_id":"\\u0043-7"}}', '{"note":"C-7"}'];
        const failed = told.map((item) => ({ stage: 'validate' as const, code: 'c', path: '', message: item, item }));
        const keys = { customer_id: 'C-7' };
        await load([event(1, { keys }), event(2, { keys: { coupon: 'C-7' } })], { failed });
        const others = { customer_id: 'other' };
        await load([event(3, { keys }), event(4, { keys: others })], { site: 'shop-be' }, 2);
        await load([event(5, { keys: others })], {}, 3);
        const ids = Array.from({ length: count }, (_, n) => ({ kind: 'customer_id' as const, value: `C-${7 + n}` }));
        const asked = { ids, site: 'shop-fr' };
        expect(await engine.countOf('events', asked)).toEqual({ rows: 1, days: 1 });
        expect(await engine.countOf('events', { ids })).toEqual({ rows: 2, days: 2 });
        expect(await engine.countOf('failed', asked)).toEqual({ rows: 2, days: 1 });
        // Together with one of another site.
        const other = { kind: 'customer_id', value: 'other' } as const;
        const erasures = [erasure('1', ids, asked), erasure('2', [other], { site: 'shop-be', ids: [other] })];
        expect(await erase(...erasures)).toMatchObject({ events: 2, failed: 2 });
        expect(await left()).toEqual([2, 3, 5]);
      },
    );

    it('on one site alone where it is asked to', async () => {
      await load([event(1, { visitor_id: 'v-1' })]);
      await load([event(2, { visitor_id: 'v-1' })], { site: 'shop-be' }, 2);
      expect(await erase(erasure('1', [V], { site: 'shop-be' }))).toMatchObject({ events: 1 });
      expect(await left()).toEqual([1]);
      expect(await load([event(3, { visitor_id: 'v-1' })], {}, 3)).toMatchObject({ loaded: 1 });
    });

    it('once: a second time, and after it was opened again, nothing is looked for, and nothing comes back', async () => {
      await load([event(1, { visitor_id: 'v-1' })]);
      await erase(erasure('1', [V]));
      expect(await erase(erasure('1', [V]))).toEqual({ events: 0, failed: 0, days: 0 });
      await engine.close();
      engine = await open(folder);
      expect(await erase(erasure('1', [V]))).toEqual({ events: 0, failed: 0, days: 0 });
      expect(await load([event(2, { visitor_id: 'v-1' })], {}, 2)).toMatchObject({ loaded: 0, erased: 1 });
    });

    it('sealed days: their files are written anew without the rows, and go where none is left', async () => {
      await load([event(1, { visitor_id: 'v-1' }), event(2, { visitor_id: 'v-2' })]);
      await load([event(3, { visitor_id: 'v-1' })], { at: T0 + DAY_MS }, 2);
      await engine.sealDays('2026-11-30');
      expect(await erase(erasure('1', [V]))).toMatchObject({ events: 2, days: 2 });
      expect(await engine.sealDays('2026-11-30')).toMatchObject([
        { day: '2026-11-20', rows: 1 },
        { day: '2026-11-21', rows: 0 },
      ]);
      const other = await openElsewhere();
      expect(await other.restoreDays()).toMatchObject([{ day: '2026-11-20', rows: 1 }]);
      expect((await other.query('SELECT event_id FROM events')).rows).toEqual([[eventId(2)]]);
      await other.close();
    });

    /** Another database over the same sealed days, as a rebuild has it. */
    async function openElsewhere(): Promise<Engine> {
      await engine.close();
      await rm(join(folder, 'test.duckdb'), { force: true });
      engine = await open(folder);
      const fresh = engine;
      return { ...fresh, close: async () => undefined };
    }
  });
}
