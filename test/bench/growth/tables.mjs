import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillLog, sampleRecords } from '../fill_log.mjs';
import { runChild } from '../run_child.mjs';
import { inTurns } from './rounds.mjs';

const DAY_MS = 86_400_000;
/** For so long an event id is remembered: all that is stored is looked through for each that comes. */
const REMEMBERED_DAYS = 7.5;
/** Loaded beside what is stored: some chunks of the loader, a small part of the many. */
const LOADED = 100_000;

/** What the loader's processor pays for an event while so many are in the tables, µs. */
export async function growthOfTables({ rounds, counts }) {
  const folder = await mkdtemp(join(tmpdir(), 'parcours-bench-'));
  try {
    const samples = await sampleRecords();
    const now = Date.now();
    for (const count of counts) {
      const data = join(folder, String(count));
      await mkdir(join(data, 'store'), { recursive: true });
      await fillLog({
        samples,
        folder: join(data, 'log', 'stored'),
        events: count,
        from: now - REMEMBERED_DAYS * DAY_MS,
        to: now,
      });
      await runChild('./loader_child.mjs', ['ours', data]);
      await rm(join(data, 'log', 'stored'), { recursive: true });
    }
    return await inTurns(rounds, counts, async (count) => {
      const data = join(folder, 'round');
      await cp(join(folder, String(count)), data, { recursive: true });
      const { written } = await fillLog({
        samples,
        folder: join(data, 'log', 'new'),
        events: LOADED,
        from: now,
        to: now,
      });
      const { rows, cpuUs } = await runChild('./loader_child.mjs', ['ours', data]);
      await rm(data, { recursive: true });
      if (rows !== written) throw new Error(`${written} events were in the log, ${rows} became rows`);
      return cpuUs;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
