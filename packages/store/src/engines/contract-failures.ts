import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { DAY_MS, exampleChunk, exampleEvent, exampleRecord, T0 } from './example-chunks.ts';

/** What every engine does with what failed: keeps it to be judged again, and lets go for good of what is settled or purged. */
export function failuresContract(name: string, open: (folder: string) => Promise<Engine>): void {
  describe(`${name}: failures`, () => {
    let folder: string;
    let engine: Engine;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'parcours-failures-'));
      engine = await open(folder);
    });
    afterEach(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });

    const values = async (sql: string): Promise<unknown[]> => (await engine.query(sql)).rows.map(([value]) => value);
    const events = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => exampleEvent(from + index));

    it('takes settled failures out, seals their days anew, and keeps them out when they are loaded again', async () => {
      const failure = (message: string, stamp = 0) => ({
        ...{ stage: 'validate' as const, code: 'invalid_field', path: 'p', message },
        item: JSON.stringify({ stamp }),
      });
      const chunk = exampleChunk([exampleRecord(events(0, 1), { failed: [failure('a'), failure('b')] })]);
      await engine.load(chunk);
      const [[id]] = (await engine.query("SELECT failed_id FROM failed WHERE message = 'a'")).rows as [[string]];
      expect(await engine.sealDays('2026-11-21')).toHaveLength(1);
      expect(await engine.settleFailures([id, 'of nobody'])).toBe(1);
      expect(await engine.settleFailures([id])).toBe(0);
      expect(await values('SELECT message FROM failed')).toEqual(['b']);
      expect(await engine.sealDays('2026-11-21')).toHaveLength(1);
      await engine.load(exampleChunk([exampleRecord([], { failed: [failure('a')] })], { log: 'again' }));
      expect(await values('SELECT message FROM failed')).toEqual(['b']);
    });

    it('takes failures out by site, code and time, and keeps out those alone when they are loaded again', async () => {
      const failed = ['one', 'two'].map((code) => ({
        stage: 'validate' as const,
        code,
        path: '',
        message: '',
        item: '{}',
      }));
      const records = [T0, T0 + DAY_MS].flatMap((at) =>
        ['shop-fr', 'shop-de'].map((site) => exampleRecord([], { at, site, failed })),
      );
      const left = (): Promise<readonly unknown[]> =>
        values("SELECT concat_ws(' ', site, code, strftime(received_at, '%d')) FROM failed ORDER BY 1");
      await engine.load(exampleChunk(records));
      await engine.sealDays('2026-11-22');
      const dayAfter = new Date(T0 + 1).toISOString();
      expect(await engine.purgeFailures([{ before: dayAfter, site: 'shop-fr', code: 'one' }])).toBe(1);
      expect(await engine.purgeFailures([{ before: new Date(T0).toISOString() }])).toBe(0);
      const kept = ['de one 20', 'de one 21', 'de two 20', 'de two 21', 'fr one 21', 'fr two 20', 'fr two 21'];
      expect(await left()).toEqual(kept.map((text) => `shop-${text}`));
      expect(await engine.sealDays('2026-11-22')).toMatchObject([{ site: 'shop-fr', day: '2026-11-20' }]);
      await engine.load(exampleChunk(records, { log: 'again' }));
      expect(await left()).toEqual([...kept, ...kept].sort().map((text) => `shop-${text}`));
      expect(await engine.purgeFailures([{ before: dayAfter, code: 'two' }, { before: dayAfter }])).toBe(6);
      expect(await left()).toEqual(
        kept.filter((text) => text.endsWith('21')).flatMap((text) => [`shop-${text}`, `shop-${text}`]),
      );
    });

    it.each([
      ['read whole', []],
      ['read with care', ['garbage']],
    ])(
      'counts once what was filtered of one failure judged again, in one chunk and in later ones: %s',
      async (_, more) => {
        const filtered = [{ type: 't', code: 'consent_denied', count: 1 }];
        const again = exampleRecord([], { filtered, failed_id: 'f1' });
        const records = [
          again,
          exampleRecord([], { filtered }),
          again,
          exampleRecord([], { filtered, failed_id: 'f2' }),
        ];
        await engine.load(exampleChunk([...records, ...more]));
        await engine.load(exampleChunk([...records, ...more], { log: 'later' }));
        expect(await values('SELECT failed_id FROM filtered ORDER BY 1 NULLS FIRST')).toEqual([null, null, 'f1', 'f2']);
      },
    );

    it('keeps of a failure what it can be judged again by', async () => {
      const item = JSON.stringify({ type: 'purchase', stamp: 0 });
      const failed = [{ stage: 'validate' as const, code: 'c', path: '', message: 'm', item }];
      const record = exampleRecord([], { failed });
      await engine.load(exampleChunk([record, 'garbage', exampleRecord([], { failed, site: 'shop-de' })]));
      const contexts = await values("SELECT context FROM failed WHERE stage = 'validate'");
      const { sent_at, sdk, client, stamps } = record;
      expect(contexts.map((text) => JSON.parse(String(text)))).toEqual(
        [1, 2].map(() => ({ sent_at, sdk, client, stamp: stamps[0] })),
      );
    });
  });
}
