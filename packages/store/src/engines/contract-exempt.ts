import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredExempt } from '../log/record.ts';
import { VIEWS } from '../tables/views.ts';
import type { Engine } from './engine.ts';
import { DAY_MS, eventId, exampleChunk, exampleEvent, exampleRecord } from './example-chunks.ts';

/** What every engine tells of events that were measured without consent, and what it keeps to itself. */
export function exemptContract(name: string, open: (folder: string) => Promise<Engine>): void {
  describe(`${name}: measured without consent`, () => {
    let folder: string;
    let engine: Engine;
    let loads: number;
    let events: number;
    const yesterday = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS / 2;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parcours-exempt-'));
      engine = await open(folder);
      loads = 0;
      events = 0;
    });
    afterEach(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });

    const exempt = (more: Partial<StoredExempt> = {}): StoredExempt => ({
      event_id: eventId(++events),
      type: 'page_view',
      occurred_at: new Date(yesterday).toISOString(),
      path: '/boots',
      device: 'mobile',
      ip_prefix: '203.0.0.0/16',
      bot: false,
      props: {},
      ...more,
    });
    const many = (count: number, more: (index: number) => Partial<StoredExempt>): StoredExempt[] =>
      Array.from({ length: count }, (_, index) => exempt(more(index)));
    const load = (exempted: readonly StoredExempt[], at = yesterday) =>
      engine.load(exampleChunk([{ ...exampleRecord([], { at }), exempted }], { segment: ++loads }));
    const counts = async (where = 'true'): Promise<unknown[][]> => {
      const select = `SELECT value, count, visitors FROM exempt_counts WHERE ${where} ORDER BY count DESC, value`;
      return (await engine.query(select)).rows as unknown[][];
    };

    it('has the columns that it promises, and an answer for nothing', async () => {
      for (const view of ['exempt_counts', 'exempt_evidence'] as const) {
        const { columns, rows } = await engine.query(`SELECT * FROM ${view}`);
        expect(columns.map((column) => column.name)).toEqual(VIEWS[view].map((column) => column.name));
        expect(rows).toEqual([]);
      }
    });

    it('shows no row of them: not to a query, not in an export', async () => {
      await load(many(30, () => ({ path: '/canary-path' })));
      await expect(engine.query('SELECT * FROM exempt')).rejects.toThrow('there is no table "exempt"');
      await expect(engine.query('SELECT * FROM main.exempt')).rejects.toThrow('there is no table');
      await expect(engine.query('WITH x AS (SELECT * FROM "EXEMPT") SELECT * FROM x')).rejects.toThrow('no table');
      expect((await engine.query('SELECT count(*) FROM events')).rows).toEqual([[0]]);
      await expect(engine.exportRows({ table: 'exempt' as never, format: 'csv' })).rejects.toThrow(
        'there is no "exempt"',
      );
    });

    it('rounds to the nearest ten, in a CSV as in a query', async () => {
      await load([...many(14, () => ({ path: '/a' })), ...many(16, () => ({ path: '/b' }))]);
      expect(await counts("dimension = 'path'")).toEqual([
        ['/b', 20, null],
        ['/a', 10, null],
      ]);
      const { pieces } = await engine.exportRows({
        table: 'exempt_counts',
        format: 'csv',
        columns: ['dimension', 'value', 'count'],
      });
      const csv = await textOf(pieces);
      expect(csv).toMatch(/"?path"?,"?\/b"?,20/);
      expect(csv).not.toMatch(/,1[1-9]\r/);
    });

    it.each([1, 5, 9])('a group of %i is never seen, nor left over between two answers', async (size) => {
      await load([
        ...many(40, () => ({ path: '/a' })),
        ...many(23, () => ({ path: '/b' })),
        ...many(size, () => ({ path: '/few' })),
      ]);
      const paths = await counts("dimension = 'path'");
      // The smallest that could be shown goes with it, so that what has no name is large.
      expect(paths).toEqual([
        ['/a', 40, null],
        [null, Math.round((23 + size) / 10) * 10, null],
      ]);
      expect((await counts()).flat()).not.toContain('/few');
      // No count of any dimension stands for fewer than ten, and no answer has a total beside its parts.
      const devices = await counts("dimension = 'device'");
      expect(devices).toEqual([['mobile', Math.round((63 + size) / 10) * 10, null]]);
    });

    it('what is small together is told together, and what stays small is not told', async () => {
      await load([...many(9, () => ({ path: '/a' })), ...many(9, () => ({ path: '/b' }))]);
      expect(await counts("dimension = 'path'")).toEqual([[null, 20, null]]);
      await load(
        many(9, () => ({ path: '/a' })),
        yesterday - DAY_MS,
      );
      expect(await counts(`received_at < '${new Date(yesterday).toISOString().slice(0, 10)}'`)).toEqual([]);
    });

    it('tells a day once it is over', async () => {
      await load(
        many(30, () => ({})),
        Date.now(),
      );
      expect(await counts()).toEqual([]);
    });

    it('counts visitors of a day where they are marked, and shows no cell of fewer than ten of them', async () => {
      const marked = (path: string, visitors: number, each: number) =>
        many(visitors * each, (index) => ({ path, day_visitor: `${path} ${index % visitors}` }));
      await load([...marked('/a', 20, 2), ...marked('/b', 12, 3), ...marked('/few', 2, 20)]);
      expect(await counts("dimension = 'path'")).toEqual([
        [null, 80, 10],
        ['/a', 40, 20],
      ]);
    });

    it('keeps an event once, though it is loaded twice, and after another record of it', async () => {
      const rows = many(20, () => ({}));
      await load(rows);
      await load(rows);
      expect(await counts("dimension = 'path'")).toEqual([['/boots', 20, null]]);
    });

    it('takes them from a chunk that must be read with care, and keeps nothing of one that is none', async () => {
      const broken = { ...exampleEvent(90), occurred_at: 'never' };
      const record = {
        ...exampleRecord([], { at: yesterday }),
        exempted: [...many(20, () => ({})), exempt({ event_id: 'x' })],
      };
      await engine.load(exampleChunk([exampleRecord([broken], { at: yesterday }), record], { segment: ++loads }));
      expect(await counts("dimension = 'path'")).toEqual([['/boots', 20, null]]);
    });

    it('says of its rows whether they keep to the conditions', async () => {
      const at = new Date(yesterday).toISOString().slice(0, 16);
      await load([exempt({ occurred_at: `${at}:00.000Z`, screen: 'small', day_visitor: 'a' })]);
      const evidence = async () => {
        const { columns, rows } = await engine.query('SELECT * FROM exempt_evidence');
        return Object.fromEntries(columns.map((column, index) => [column.name, rows[0]?.[index]]));
      };
      expect(await evidence()).toEqual({
        ...{ site: 'shop-fr', types: ['page_view'], screens: ['small'], ip_widths: ['/16'], props: [], policies: [] },
        ...{ oldest_day: at.slice(0, 10), newest_day: at.slice(0, 10), has_query: false, has_referrer_path: false },
        ...{ has_minor_version: false, has_seconds: false, has_day_visitor: true },
        ...{ has_visitor_of_days: false, has_visitor_of_sites: false, has_joined: false },
      });
      const bad = exempt({
        ...{
          type: 'purchase',
          occurred_at: `${at}:07.000Z`,
          path: '/a?b',
          referrer_host: 'x/y',
          browser: 'Chrome 156.1',
        },
        ...{ ip_prefix: '203.0.113.0/24', props: { order_id: 'W-1' }, day_visitor: 'a', policy_hash: 'h' },
      });
      await load([bad], yesterday - DAY_MS);
      await engine.load(
        exampleChunk([exampleRecord([{ ...exampleEvent(1), event_id: bad.event_id }], { at: yesterday })], {
          segment: ++loads,
        }),
      );
      expect(await evidence()).toMatchObject({
        ...{ types: ['page_view', 'purchase'], ip_widths: ['/16', '/24'], props: ['order_id'], policies: ['h'] },
        ...{ has_query: true, has_referrer_path: true, has_minor_version: true, has_seconds: true },
        ...{ has_visitor_of_days: true, has_joined: true },
      });
    });

    it('is in the sealed day, and comes back from it', async () => {
      await load(many(20, () => ({})));
      await engine.sealDays(new Date().toISOString().slice(0, 10));
      await mkdir(join(folder, 'rebuilt'));
      const other = await open(join(folder, 'rebuilt'));
      try {
        await cp(join(folder, 'days'), join(folder, 'rebuilt', 'days'), { recursive: true });
        await other.restoreDays();
        const { rows } = await other.query("SELECT count FROM exempt_counts WHERE dimension = 'path'");
        expect(rows).toEqual([[20]]);
      } finally {
        await other.close();
      }
    });
  });
}

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts).toString();
}
