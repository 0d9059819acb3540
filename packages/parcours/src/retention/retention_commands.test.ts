import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DataFolder, dataFolder } from '../data_folder.ts';
import { runProgram } from '../testing/run_program.ts';
import { oldBatches, openLoaded, survivors, writeBatches } from './testing.ts';

let folder: DataFolder;
beforeEach(async () => {
  folder = dataFolder(await mkdtemp(join(tmpdir(), 'parcours-retention-')));
});
afterEach(() => rm(folder.root, { recursive: true }));

const retention = (...args: readonly string[]) => runProgram('retention', ...args, '--data', folder.root);

it('looks, takes, tells of it, and finds nothing more; each run stands in the audit log', async () => {
  const now = Date.now();
  await writeBatches(
    folder,
    [1, 100, 394, 396, 500].flatMap((days) => oldBatches({ site: 'shop', days, now })),
  );
  const before = await retention('status', '--json');
  expect([before.code, JSON.parse(before.out)]).toEqual([1, { last_run: null, overdue: true }]);

  const dry = JSON.parse((await retention('run', '--dry-run', '--json')).out);
  expect(dry.rows.map((row: { class: string; removed: number }) => [row.class, row.removed])).toEqual([
    ['counts', 4],
    ['events', 2],
    ['exempt', 20],
    ['failed', 2],
  ]);
  expect((await retention('status')).out).toMatch(/has not run yet/);

  const done = await retention('run');
  expect(done.out).toMatch(/^shop +events +395 +2 +3 /m);
  expect(done.out).toMatch(/28 rows are gone\.\n$/);
  const again = await retention('run', '--json');
  expect(JSON.parse(again.out).rows.every(({ removed }: { removed: number }) => removed === 0)).toBe(true);
  const status = await retention('status', '--json');
  expect([status.code, JSON.parse(status.out)]).toEqual([0, { last_run: JSON.parse(again.out), overdue: false }]);

  const engine = await openLoaded(folder);
  const ages = (await survivors(engine, now)).map((row) => Number(row.split(' ')[2]));
  await engine.close();
  expect(new Set(ages)).toEqual(new Set([1, 100, 394]));

  const { entries } = JSON.parse((await runProgram('audit', 'list', '--json', '--data', folder.root)).out);
  expect(entries).toMatchObject([
    {
      action: 'retention_run',
      by: 'cli',
      outcome: 'done',
      counts: { exempt: 20, events: 2, failed: 2, counts: 4, receipts: 0, tombstones: 0, audit: 0 },
    },
    { action: 'retention_run', by: 'cli', outcome: 'done', counts: { exempt: 0, events: 0, failed: 0, counts: 0 } },
  ]);
  expect((await runProgram('audit', 'verify', '--data', folder.root)).code).toBe(0);
});

it('refuses a folder that is none of ours', async () => {
  for (const command of ['run', 'status']) {
    const { code, out, error } = await retention(command, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out || error).error).toMatchObject({ code: 'not_a_data_folder' });
  }
});
