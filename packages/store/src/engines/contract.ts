import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild } from './contract-child.ts';
import { erasuresContract } from './contract-erasures.ts';
import { exemptContract } from './contract-exempt.ts';
import { expiryContract } from './contract-expiry.ts';
import { failuresContract } from './contract-failures.ts';
import { ordersContract } from './contract-orders.ts';
import { queryContract } from './contract-queries.ts';
import type { Engine } from './engine.ts';
import { DAY_MS, eventId, exampleChunk, exampleEvent, exampleRecord, T0 } from './example-chunks.ts';

export interface EngineUnderTest {
  /** Opens the engine on a folder of its own; again on the same folder after a close. */
  open(folder: string): Promise<Engine>;
  /** A module that opens the engine on `process.argv[2]` and loads `exampleChunk`s for ever, telling each by IPC. */
  readonly child: URL;
}

/** What every engine must do, whatever it is made of. */
export function engineContract(name: string, { open, child }: EngineUnderTest): void {
  queryContract(name, open);
  ordersContract(name, open);
  exemptContract(name, open);
  failuresContract(name, open);
  erasuresContract(name, open);
  expiryContract(name, open);
  describe(`${name} as an engine`, () => {
    let folder: string;
    let engine: Engine;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parcours-engine-'));
      engine = await open(folder);
    });
    afterEach(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });

    const reopen = async (): Promise<void> => {
      await engine.close();
      engine = await open(folder);
    };
    const values = async (sql: string): Promise<unknown[]> => (await engine.query(sql)).rows.map(([value]) => value);
    const one = async (sql: string): Promise<unknown> => (await values(sql))[0];
    const seqs = (): Promise<unknown[]> => values('SELECT seq FROM events ORDER BY seq');
    const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
    const events = (from: number, to: number) => ids(from, to).map((n) => exampleEvent(n));

    it('gives every field of an event its column', async () => {
      await engine.load(
        exampleChunk([
          exampleRecord([
            exampleEvent(1, {
              client_occurred_at: '2026-11-20T09:00:00.001Z',
              session_id: 's1',
              order_id: 'W-1',
              amount_minor: 9_007_199_254_740_991,
              currency: 'EUR',
              keys: { loyalty_card: 'L1' },
            }),
          ]),
        ]),
      );
      const { columns, rows } = await engine.query('SELECT * FROM events');
      const row = Object.fromEntries(columns.map((column, index) => [column.name, rows[0]![index]]));
      expect(row).toMatchObject({
        event_id: eventId(1),
        site: 'shop-fr',
        type: 'page_view',
        source: 'web',
        occurred_at: '2026-11-20T10:00:00.001Z',
        received_at: '2026-11-20T10:00:00.000Z',
        client_occurred_at: '2026-11-20T09:00:00.001Z',
        seq: 1,
        visitor_id: 'visitor-1',
        session_id: 's1',
        url: 'https://shop.example/p/1',
        title: null,
        device: 'mobile',
        ip_prefix: '192.0.2.0/24',
        bot: false,
        purposes: ['audience'],
        consent_source: 'manual',
        receipt_id: 'r1',
        policy_hash: 'p1',
        amount_minor: 9_007_199_254_740_991,
        sdk: '1.0.0',
        log_name: 'collector-0',
      });
      expect(JSON.parse(String(row.keys))).toEqual({ loyalty_card: 'L1' });
      expect(JSON.parse(String(row.props))).toEqual(exampleEvent(1).props);
    });

    it('adds up: loaded, duplicates, failed and unreadable are all the events and failures of a chunk', async () => {
      const bad = exampleEvent(5, { amount_minor: 'much' as unknown as number });
      const failed = [{ stage: 'validate', code: 'invalid_field', path: 'props.x', message: 'm', item: '{}' }] as const;
      const chunk = exampleChunk([
        exampleRecord([...events(1, 4), exampleEvent(1), bad], {
          failed,
          filtered: [{ type: 'click', code: 'consent_denied', count: 4 }],
          dropped: [{ code: 'queue_full', count: 2 }],
        }),
      ]);
      expect(await engine.load(chunk)).toEqual({ loaded: 3, duplicates: 1, failed: 1, unreadable: 1 });
      expect(await values('SELECT stage FROM failed ORDER BY stage')).toEqual(['load', 'validate']);
      expect(await one('SELECT sum(count) FROM filtered')).toBe(4);
      expect(await one('SELECT sum(count) FROM dropped')).toBe(2);
    });

    it('loads a chunk once, however often and in whatever pieces it comes again', async () => {
      const records = [exampleRecord(events(1, 4)), exampleRecord(events(4, 7)), exampleRecord(events(7, 9))];
      const whole = exampleChunk(records);
      await engine.load(exampleChunk(records.slice(0, 2)));
      expect(await engine.load(exampleChunk(records.slice(0, 2)))).toMatchObject({ loaded: 0, duplicates: 0 });
      expect(await engine.load(whole)).toMatchObject({ loaded: 2, duplicates: 0 });
      expect(await engine.load(whole)).toMatchObject({ loaded: 0, duplicates: 0 });
      expect(await seqs()).toEqual(ids(1, 9));
      expect(await engine.positions()).toEqual([
        { log: 'collector-0', segment: whole.segment, offset: whole.endOffset },
      ]);
    });

    it('keeps the first of two events with one id, in a record, a chunk, a later chunk and after a reopening', async () => {
      const title = (n: number, text: string) => exampleEvent(n, { title: text });
      await engine.load(
        exampleChunk([
          exampleRecord([title(1, 'first'), title(1, 'b')]),
          exampleRecord([title(1, 'c'), title(2, 'first')]),
        ]),
      );
      await engine.load(exampleChunk([exampleRecord([title(2, 'd'), title(3, 'first')])], { start: 10_000 }));
      await reopen();
      const again = await engine.load(exampleChunk([exampleRecord([title(3, 'e')])], { log: 'collector-1' }));
      expect(again).toMatchObject({ loaded: 0, duplicates: 1 });
      expect(await values('SELECT title FROM events ORDER BY seq')).toEqual(['first', 'first', 'first']);
    });

    it('takes the same id on another site for another event', async () => {
      await engine.load(exampleChunk([exampleRecord(events(1, 2)), exampleRecord(events(1, 2), { site: 'shop-de' })]));
      expect(await one('SELECT count(*) FROM events')).toBe(2);
    });

    it('remembers ids for eight days of receipt', async () => {
      await engine.load(exampleChunk([exampleRecord(events(1, 2))]));
      const later = (days: number, start: number) =>
        engine.load(exampleChunk([exampleRecord(events(1, 2), { at: T0 + days * DAY_MS })], { start }));
      expect(await later(7.9, 10_000)).toMatchObject({ loaded: 0, duplicates: 1 });
      expect(await later(8.1, 20_000)).toMatchObject({ loaded: 1, duplicates: 0 });
    });

    it('keeps rows in the order of the log', async () => {
      await engine.load(exampleChunk(ids(0, 50).map((n) => exampleRecord(events(n * 10, n * 10 + 10)))));
      expect(await values('SELECT seq FROM events')).toEqual(ids(0, 500));
    });

    it('takes loads at the same time, of one log in turn and of several', async () => {
      const chunk = (n: number) =>
        exampleChunk([exampleRecord(events(n * 10, n * 10 + 10))], { log: `collector-${n % 2}`, segment: n + 1 });
      await Promise.all([...ids(0, 8).map((n) => engine.load(chunk(n))), engine.load(chunk(7)), engine.load(chunk(6))]);
      expect(await seqs()).toEqual(ids(0, 80));
    });

    it('loads more than fits one row group, duplicates left out', async () => {
      const many = ids(0, 800).map((n) => exampleRecord(events(n * 50, n * 50 + 50)));
      expect(await engine.load(exampleChunk([...many, many[0]!, many[799]!]))).toMatchObject({
        loaded: 40_000,
        duplicates: 100,
      });
      expect(await one('SELECT count(DISTINCT event_id) FROM events')).toBe(40_000);
    });

    it('sets aside what no row can be made of, also under an id that was there before', async () => {
      const { type: _, ...typeless } = exampleEvent(1);
      await engine.load(exampleChunk([exampleRecord(events(1, 3))]));
      const again = exampleChunk([exampleRecord([typeless as never, exampleEvent(3)])], { log: 'collector-1' });
      expect(await engine.load(again)).toMatchObject({ loaded: 1, duplicates: 0, unreadable: 1 });
    });

    it.each([
      ['text that is no JSON', 'garbage'],
      ['half a record', JSON.stringify(exampleRecord([exampleEvent(9)])).slice(0, -20)],
      ['a record of a kind it does not know', '{"v":1,"kind":"consent","site":"shop-fr"}'],
      ['a record of a version it does not know', '{"v":2,"kind":"batch","site":"shop-fr","events":[]}'],
      ['a record without a time', '{"v":1,"kind":"batch","site":"shop-fr","events":[{}]}'],
      ['JSON that is no object', '17'],
    ])('sets aside %s, and loads its neighbours', async (_what, text) => {
      const chunk = exampleChunk([exampleRecord(events(1, 3)), text, exampleRecord(events(3, 5))]);
      expect(await engine.load(chunk)).toEqual({ loaded: 4, duplicates: 0, failed: 0, unreadable: 1 });
      expect(await seqs()).toEqual([1, 2, 3, 4]);
      expect(await values('SELECT item FROM failed')).toEqual([text]);
      expect((await engine.positions())[0]?.offset).toBe(chunk.endOffset);
    });

    it.each<[string, Record<string, unknown>]>([
      ['no id', { event_id: null }],
      ['an id that is no UUID', { event_id: 'x' }],
      ['no type', { type: undefined }],
      ['a time beyond any calendar', { occurred_at: '+275760-09-13T00:00:00.000Z' }],
      ['a stamp that is not there', { stamp: 3 }],
      ['an amount beyond 64 bits', { amount_minor: 1e30 }],
      ['half a surrogate pair', { title: 'a\ud800b' }],
    ])('sets aside an event with %s, and loads its neighbours in the record', async (_what, fault) => {
      const broken = { ...exampleEvent(2), ...fault };
      const result = await engine.load(exampleChunk([exampleRecord([exampleEvent(1), broken, exampleEvent(3)])]));
      expect(result).toEqual({ loaded: 2, duplicates: 0, failed: 0, unreadable: 1 });
      expect(await seqs()).toEqual([1, 3]);
      expect(JSON.parse(String(await one('SELECT item FROM failed')))).toEqual(JSON.parse(JSON.stringify(broken)));
    });

    it('keeps hostile text as text', async () => {
      const texts = ["'); DROP TABLE events; --", 'a\u0000b', '"\\"\n\r\t', '\u2028😀', '$1 {} {x} %s', ''];
      const hostile = texts.map((text, n) =>
        exampleEvent(n, { type: text || 'empty', title: text, props: { [text]: text } }),
      );
      await engine.load(exampleChunk([exampleRecord(hostile, { site: "it's", sdk: "'" })], { log: "o'log" }));
      expect(await values('SELECT title FROM events ORDER BY seq')).toEqual(texts);
      const props = await values('SELECT props FROM events ORDER BY seq');
      expect(props.map((text) => JSON.parse(String(text)))).toEqual(texts.map((text) => ({ [text]: text })));
    });

    it('is complete after kill -9: rows and position agree, and loading on gives every event once', async () => {
      await engine.close();
      const loading = await startChild(child, [folder]);
      await loading.told(12);
      loading.kill();
      await loading.ended;
      engine = await open(folder);
      const [position] = await engine.positions();
      const chunks = Number(position!.segment);
      expect(chunks).toBeGreaterThanOrEqual(12);
      expect(await seqs()).toEqual(ids(10, (chunks + 1) * 10));
      for (let n = 1; n <= chunks + 3; n++)
        await engine.load(exampleChunk([exampleRecord(events(n * 10, n * 10 + 10))], { segment: n }));
      expect(await seqs()).toEqual(ids(10, (chunks + 4) * 10));
    });

    it('seals a closed day once, and again after a late row', async () => {
      await engine.load(exampleChunk([exampleRecord(events(0, 4)), exampleRecord(events(4, 6), { at: T0 + DAY_MS })]));
      expect(await engine.sealDays('2026-11-20')).toEqual([]);
      expect(await engine.sealDays('2026-11-21')).toMatchObject([{ site: 'shop-fr', day: '2026-11-20', rows: 4 }]);
      expect(await engine.sealDays('2026-11-21')).toEqual([]);
      await engine.load(exampleChunk([exampleRecord(events(6, 7))], { log: 'late' }));
      expect(await engine.daysToSeal('2026-11-21')).toBe(1);
      expect(await engine.sealDays('2026-11-21')).toMatchObject([{ day: '2026-11-20', rows: 5 }]);
      expect(await engine.sealDays('2026-11-21')).toEqual([]);
      expect([await engine.daysToSeal('2026-11-21'), await engine.daysToSeal('2026-11-22')]).toEqual([0, 1]);
    });

    it('seals each day once where two ask for it, and answers others between two days', async () => {
      const days = [0, 1, 2].map((day) => exampleRecord(events(day * 2, day * 2 + 2), { at: T0 + day * DAY_MS }));
      await engine.load(exampleChunk(days));
      const told: string[] = [];
      const ask = async <T>(what: string, asked: Promise<T>): Promise<T> => {
        const answer = await asked;
        told.push(what);
        return answer;
      };
      const [one, other, held] = await Promise.all([
        ask('sealed', engine.sealDays('2026-11-30')),
        ask('sealed', engine.sealDays('2026-11-30')),
        ask('held', engine.heldRows()),
      ]);
      expect([...one, ...other].map(({ day }) => day).sort()).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
      expect([told[0], held]).toMatchObject(['held', [{ class: 'events', rows: 6 }]]);
    });

    it('says that it did not seal all where it is closed meanwhile', async () => {
      await engine.load(
        exampleChunk([0, 1].map((day) => exampleRecord(events(day, day + 1), { at: T0 + day * DAY_MS }))),
      );
      const sealing = expect(engine.sealDays('2026-11-30')).rejects.toThrow('closing');
      await engine.close();
      await sealing;
    });
  });
}
