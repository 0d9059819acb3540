import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchRecord } from '../log/record.ts';
import type { Expiry } from '../retention/classes.ts';
import type { Engine } from './engine.ts';
import { DAY_MS, eventId, exampleChunk, exampleEvent, exampleRecord, T0 } from './example-chunks.ts';

/** What an engine must do with rows whose time has come: of each class and site by itself, exactly, and for good. */
export function expiryContract(name: string, open: (folder: string) => Promise<Engine>): void {
  describe(`${name} and rows whose time has come`, () => {
    let folder: string;
    let engine: Engine;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parcours-expiry-'));
      engine = await open(folder);
    });
    afterEach(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** Of a day: two events, two that are exempt, a failure and two counts. */
    const day = (days: number, first: number, more: Partial<BatchRecord> = {}): BatchRecord =>
      exampleRecord([exampleEvent(first), exampleEvent(first + 1)], {
        at: T0 + days * DAY_MS,
        exempted: [2, 3].map((n) => ({
          ...{ event_id: eventId(first + n), type: 'page_view', path: '/', bot: false },
          occurred_at: new Date(T0).toISOString(),
        })),
        failed: [{ stage: 'validate', code: 'c', path: '', message: 'm', item: `{"n":${first}}` }],
        filtered: [{ type: 't', code: 'consent_denied', count: 1 }],
        dropped: [{ code: 'queue_full', count: 1 }],
        ...more,
      });
    const rows = async (select: string): Promise<unknown[]> =>
      (await engine.query(select)).rows.map((row) => row.join(' '));
    const left = async () => ({
      exempt: [await exemptOf('shop-fr'), await exemptOf('shop-de')],
      events: await rows('SELECT site, seq FROM events ORDER BY ALL'),
      failed: await rows('SELECT site, received_at::DATE FROM failed ORDER BY ALL'),
      counts: await rows(
        'SELECT site, received_at::DATE FROM filtered UNION ALL SELECT site, received_at::DATE FROM dropped ORDER BY ALL',
      ),
    });
    /** No query reads what is exempt: rows of a site by day. */
    const exemptOf = async (site: string): Promise<number[]> => {
      const until = ['2026-11-21', '2026-11-22', '2026-11-23'].map((before) => expiry('exempt', before, site));
      const below = (await engine.countExpired(until)).map(({ rows: n }) => n);
      return below.map((n, index) => n - (below[index - 1] ?? 0));
    };
    const fill = () =>
      engine.load(
        exampleChunk([
          day(0, 0),
          day(1, 10),
          day(2, 20),
          day(0, 30, { site: 'shop-de' }),
          day(1, 40, { site: 'shop-de' }),
        ]),
      );
    const expiry = (of: Expiry['class'], before: string, site = 'shop-fr'): Expiry => ({ site, class: of, before });

    it('takes one class of one site, of whole days, and tells how many; counted first, nothing is taken', async () => {
      await fill();
      const whole = await left();
      const asked = [
        expiry('exempt', '2026-11-22'),
        expiry('events', '2026-11-21'),
        expiry('failed', '2026-11-22'),
        expiry('counts', '2026-11-21'),
        expiry('events', '2026-11-21', 'shop-xx'),
      ];
      const told = [4, 2, 2, 2, 0];
      expect((await engine.countExpired(asked)).map(({ rows: n }) => n)).toEqual(told);
      expect(await left()).toEqual(whole);
      for (const [index, each] of asked.entries())
        expect(await engine.expire(each)).toEqual({ ...each, rows: told[index] });
      const survivors = {
        exempt: [
          [0, 0, 2],
          [2, 2, 0],
        ],
        events: [30, 31, 40, 41].map((n) => `shop-de ${n}`).concat([10, 11, 20, 21].map((n) => `shop-fr ${n}`)),
        failed: ['shop-de 2026-11-20', 'shop-de 2026-11-21', 'shop-fr 2026-11-22'],
        counts: [
          ...['shop-de 2026-11-20', 'shop-de 2026-11-20', 'shop-de 2026-11-21', 'shop-de 2026-11-21'],
          ...['shop-fr 2026-11-21', 'shop-fr 2026-11-21', 'shop-fr 2026-11-22', 'shop-fr 2026-11-22'],
        ],
      };
      expect(await left()).toEqual(survivors);
      for (const each of asked) expect(await engine.expire(each)).toEqual({ ...each, rows: 0 });
      expect(await left()).toEqual(survivors);
      await engine.close();
      engine = await open(folder);
      expect(await left()).toEqual(survivors);
    });

    it('tells what it holds by site and class, and the oldest', async () => {
      expect(await engine.heldRows()).toEqual([]);
      await engine.load(exampleChunk([day(0, 0), day(3, 30)]));
      const oldest = new Date(T0).toISOString();
      expect(await engine.heldRows()).toEqual([
        { site: 'shop-fr', class: 'counts', rows: 4, oldest },
        { site: 'shop-fr', class: 'events', rows: 4, oldest },
        { site: 'shop-fr', class: 'exempt', rows: 4, oldest },
        { site: 'shop-fr', class: 'failed', rows: 2, oldest },
      ]);
    });

    it('seals anew what is left of a day, and forgets a day of which nothing is', async () => {
      await engine.load(exampleChunk([day(0, 0), day(1, 10)]));
      const sealed = await engine.sealDays('2026-11-23');
      for (const of of ['exempt', 'events', 'failed', 'counts'] as const) await engine.expire(expiry(of, '2026-11-21'));
      await engine.expire(expiry('exempt', '2026-11-22'));
      expect(await engine.sealDays('2026-11-23')).toMatchObject([
        { day: '2026-11-20', rows: 0 },
        { day: '2026-11-21', rows: 2 },
      ]);
      const isThere = await Promise.all(
        sealed.map(({ path }) =>
          access(path).then(
            () => true,
            () => false,
          ),
        ),
      );
      expect(isThere).toEqual([false, true]);
      expect(await rows('SELECT day FROM sealed_days')).toEqual(['2026-11-21']);
      expect(await engine.sealDays('2026-11-23')).toEqual([]);
    });
  });
}
