import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { createLoader, type Engine, maintain, openDuckDb } from '@parcours/store';
import { openLog } from '@parcours/store/log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dataFolder } from '../data_folder.ts';
import { rebuildEngine } from '../engine.ts';
import { restoreBackup } from './restore.ts';
import { writeBackup } from './write_backup.ts';

/** A backup taken while the reader seals days and lets go of the log's segments. */

const DAY_MS = 86_400_000;
const T0 = Date.parse('2026-11-01T10:00:00.000Z');
const SEGMENTS = 6;

let folder: string;
let root: string;
let engine: Engine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-hot-'));
  root = join(folder, 'data');
  const { logs, database, store } = dataFolder(root);
  // One segment a day, each larger than all that stands between a file and the archive.
  for (let day = 0; day < SEGMENTS; day++) {
    const log = await openLog({ folder: join(logs, 'collector-0'), now: () => T0 + day * DAY_MS });
    await log.append(JSON.stringify(aRecord(day)));
    await log.close();
  }
  engine = await openDuckDb({ path: database, folder: store, threads: 2 });
  await createLoader({ logs, engine }).drain();
});
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

function aRecord(day: number): object {
  const at = new Date(T0 + day * DAY_MS).toISOString();
  return {
    v: 1,
    kind: 'batch',
    site: 'shop',
    source: 'web',
    received_at: at,
    sent_at: at,
    sdk: 'test',
    client: { bot: false },
    stamps: [{ purposes: ['audience'], source: 'manual', at }],
    events: [
      {
        event_id: `00000000-0000-7000-8000-00000000000${day}`,
        type: 'page_view',
        occurred_at: at,
        stamp: 0,
        props: { large: 'x'.repeat(3_000_000) },
      },
    ],
    filtered: [{ type: 'click', code: 'consent_denied', count: day + 1 }],
  };
}

const ROWS = `SELECT event_id::VARCHAR, length(props::VARCHAR) FROM events
  UNION ALL SELECT 'filtered', count FROM filtered ORDER BY ALL`;

/** Nothing, everything, and places in between: before the first file, and in the midst of each. */
const PLACES = [0, 6_500_000, 17_900_000, 1, 3_100_000, 9_500_000, 12_500_000, 15_500_000];

it.each(PLACES)(
  'loses nothing where days are sealed and segments removed after %i bytes',
  async (after) => {
    const { rows: before } = await engine.query(ROWS);
    expect(before).toHaveLength(2 * SEGMENTS);
    const { logs } = dataFolder(root);
    let bytes = 0;
    let isTidied = false;
    const archive = new PassThrough();
    const to = new Writable({
      highWaterMark: 1,
      write(piece: Buffer, _encoding, done) {
        bytes += piece.length;
        const go = async (): Promise<void> => {
          if (!isTidied && bytes >= after) {
            isTidied = true;
            // A year later: all days are closed, all segments old.
            const { removedSegments } = await maintain({ engine, logs, now: T0 + 365 * DAY_MS });
            expect(removedSegments).toHaveLength(SEGMENTS - 1);
          }
          if (!archive.write(piece)) await new Promise((resolve) => archive.once('drain', resolve));
        };
        go().then(() => done(), done);
      },
      final(done) {
        archive.end();
        done();
      },
    });
    const target = join(folder, 'restored');
    const head = { format: 1, version: '0', made_at: new Date().toISOString(), secrets: true };
    await Promise.all([writeBackup({ root, to, head }), restoreBackup({ from: archive, root: target })]);
    expect(isTidied).toBe(true);
    expect(await readdir(join(logs, 'collector-0'))).toHaveLength(2);

    await rebuildEngine({ data: target, queryMemoryMb: 512 });
    const copy = dataFolder(target);
    const restored = await openDuckDb({ path: copy.database, folder: copy.store, threads: 2 });
    try {
      expect((await restored.query(ROWS)).rows).toEqual(before);
    } finally {
      await restored.close();
    }
  },
  30_000,
);
