import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredEvent } from '../log/record.ts';
import { VIEWS } from '../tables/views.ts';
import type { Engine } from './engine.ts';
import { DAY_MS, eventId, exampleChunk, exampleEvent, exampleRecord, T0 } from './example-chunks.ts';

/** What `orders` must say in every engine: each order once, whoever told it, in whatever order it arrived. */
export function ordersContract(name: string, open: (folder: string) => Promise<Engine>): void {
  describe(`${name}: orders`, () => {
    let folder: string;
    let engine: Engine;
    let loads: number;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parcours-orders-'));
      engine = await open(folder);
      loads = 0;
    });
    afterEach(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** An event at a second after the start; what is undefined is not there. */
    const event = (n: number, second: number, more: Partial<StoredEvent> = {}): StoredEvent =>
      exampleEvent(n, {
        type: 'purchase',
        occurred_at: new Date(T0 + second * 1000).toISOString(),
        order_id: 'W-1',
        amount_minor: 1000,
        currency: 'EUR',
        ...more,
      });
    const tell = (events: readonly StoredEvent[], more: Parameters<typeof exampleRecord>[1] = {}) =>
      engine.load(exampleChunk([exampleRecord(events, more)], { segment: ++loads }));
    const server = { source: 'server', client: { bot: false } } as const;
    const nobody = { visitor_id: undefined as never, session_id: undefined as never };
    const orders = async (columns = '*', where = 'true'): Promise<Record<string, unknown>[]> => {
      const found = await engine.query(
        `SELECT ${columns} FROM orders WHERE ${where} ORDER BY site, order_id, occurred_at`,
      );
      return found.rows.map((row) =>
        Object.fromEntries(found.columns.map((column, index) => [column.name, row[index]])),
      );
    };

    it('has the columns that it promises, and an answer for nothing', async () => {
      const { columns, rows } = await engine.query('SELECT * FROM orders');
      expect(columns.map((column) => column.name)).toEqual(VIEWS.orders.map((column) => column.name));
      expect(rows).toEqual([]);
    });

    it.each(['browser first', 'server first'])('is one order of browser and server, %s', async (first) => {
      const browser = () => tell([event(1, 5, { visitor_id: 'v', session_id: 's' })], { at: T0 + 6000 });
      const shop = () => tell([event(2, 9, { ...nobody, amount_minor: 1290 })], { ...server, at: T0 + 60_000 });
      const [one, other] = first === 'browser first' ? [browser, shop] : [shop, browser];
      await one();
      await other();
      expect(await orders()).toEqual([
        {
          site: 'shop-fr',
          order_id: 'W-1',
          event_id: eventId(1),
          occurred_at: '2026-11-20T10:00:05.000Z',
          received_at: '2026-11-20T10:00:06.000Z',
          visitor_id: 'v',
          session_id: 's',
          amount_minor: 1290,
          currency: 'EUR',
          confirmed: true,
          in_browser: true,
          purchases: 2,
        },
      ]);
      const raw = await engine.query('SELECT source, amount_minor FROM events ORDER BY source');
      expect(raw.rows).toEqual([
        ['server', 1290],
        ['web', 1000],
      ]);
    });

    it('is one order of a page seen again, at its first time and amount', async () => {
      await tell([event(1, 50, { amount_minor: 999 }), event(2, 5)]);
      expect(await orders('amount_minor, occurred_at, confirmed, purchases')).toEqual([
        { amount_minor: 1000, occurred_at: '2026-11-20T10:00:05.000Z', confirmed: false, purchases: 2 },
      ]);
    });

    it('is one order of a server that tells it again, at the amount it told last', async () => {
      await tell([event(1, 5, { ...nobody, amount_minor: 500, currency: 'CHF' })], { ...server, at: T0 + 20_000 });
      await tell([event(2, 4, { ...nobody, amount_minor: 700 })], { ...server, at: T0 + 10_000 });
      await tell([event(3, 6, { amount_minor: 900 })], { at: T0 + DAY_MS });
      expect(await orders('amount_minor, currency, purchases')).toEqual([
        { amount_minor: 500, currency: 'CHF', purchases: 3 },
      ]);
    });

    it('takes the amount of the browser where the server told none', async () => {
      await tell([event(1, 5)]);
      await tell([event(2, 6, { amount_minor: undefined as never, currency: undefined as never })], server);
      expect(await orders('amount_minor, currency, confirmed')).toEqual([
        { amount_minor: 1000, currency: 'EUR', confirmed: true },
      ]);
    });

    it.each<[string, Partial<StoredEvent>, string | null]>([
      ['what the server passed on', { visitor_id: 'passed' }, 'passed'],
      ['the first event that names the order', nobody, 'began'],
    ])('takes the visitor from %s, where no browser told the order', async (_where, told, visitor) => {
      const step = { type: 'begin_checkout', amount_minor: undefined as never, currency: undefined as never };
      await tell([event(1, 8, { ...step, visitor_id: 'paid' }), event(2, 3, { ...step, visitor_id: 'began' })]);
      await tell([event(3, 9, told)], server);
      expect(await orders('visitor_id, in_browser, purchases, amount_minor')).toEqual([
        { visitor_id: visitor, in_browser: false, purchases: 1, amount_minor: 1000 },
      ]);
    });

    it('prefers the visitor of the browser to the one that the server passed on', async () => {
      await tell([event(1, 1, { visitor_id: 'passed' })], server);
      await tell([event(2, 9, { visitor_id: 'present' })]);
      expect(await orders('visitor_id')).toEqual([{ visitor_id: 'present' }]);
    });

    it('is no order where nobody bought, and none of a bot', async () => {
      await tell([event(1, 1, { type: 'begin_checkout' }), event(2, 2, { type: 'refund', order_id: 'W-2' })]);
      await tell([event(3, 3, { order_id: 'W-3' })], { client: { bot: true } });
      expect(await orders()).toEqual([]);
    });

    it('keeps a refund out of the amount', async () => {
      await tell([event(1, 1), event(2, 2, { type: 'refund', amount_minor: 400 })]);
      expect(await orders('amount_minor, purchases')).toEqual([{ amount_minor: 1000, purchases: 1 }]);
    });

    it('keeps the same number of two sites apart, and purchases without a number', async () => {
      const unnumbered = { order_id: undefined as never };
      await tell([event(1, 1), event(2, 2, unnumbered), event(3, 3, unnumbered)]);
      await tell([event(4, 4)], { site: 'shop-de' });
      expect(await orders('site, order_id, purchases')).toEqual([
        { site: 'shop-de', order_id: 'W-1', purchases: 1 },
        { site: 'shop-fr', order_id: 'W-1', purchases: 1 },
        { site: 'shop-fr', order_id: null, purchases: 1 },
        { site: 'shop-fr', order_id: null, purchases: 1 },
      ]);
    });

    it('is there again after the engine was closed', async () => {
      await tell([event(1, 1)]);
      await engine.close();
      engine = await open(folder);
      expect(await orders('order_id')).toEqual([{ order_id: 'W-1' }]);
    });
  });
}
