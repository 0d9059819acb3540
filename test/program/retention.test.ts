import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listDayFiles } from '@parcours/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DataFolder, dataFolder } from '../../packages/parcours/src/data_folder.ts';
import { oldBatches, openLoaded, survivors, writeBatches } from '../../packages/parcours/src/retention/testing.ts';
import { BIN, startChild } from '../support/child.ts';
import { outputOf } from '../support/command.ts';
import { until } from '../support/processes.ts';
import { sumOf } from '../support/samples.ts';
import { serve } from '../support/serve.ts';

const SITES = ['shop', 'other'];
const AGES = Array.from({ length: 20 }, (_, index) => 384 + index);
const now = Date.now();

let folder: DataFolder;
beforeEach(async () => {
  folder = dataFolder(await mkdtemp(join(tmpdir(), 'parcours-retention-')));
  await writeBatches(
    folder,
    SITES.flatMap((site) => AGES.flatMap((days) => oldBatches({ site, days, now }))),
  );
});
afterEach(() => rm(folder.root, { recursive: true, force: true }));

/** What is exempt goes some days before the rest, so that days are written anew and not only removed. */
async function publishPolicy(): Promise<void> {
  const file = join(folder.root, 'policy.json');
  await writeFile(
    file,
    JSON.stringify({ policy: 1, version: '2.0.0', rules: { retention: { audience_exempt_days: 390 } } }),
  );
  await outputOf(['policy', 'publish', file, '--data', folder.root]);
}

/** By hand: failed items go with the shorter number, counts with the longer. */
const expected = SITES.flatMap((site) =>
  AGES.flatMap((days) => [
    ...(days < 390 ? [`${site} exempt ${days}`, `${site} failed ${days}`] : []),
    ...(days < 395 ? [`${site} events ${days}`, `${site} counts ${days}`, `${site} counts ${days}`] : []),
  ]),
).sort();

async function left(): Promise<{ readonly rows: readonly string[]; readonly files: number }> {
  const engine = await openLoaded(folder);
  const rows = await survivors(engine, now);
  await engine.close();
  return { rows, files: (await listDayFiles(join(folder.store, 'days'))).length };
}

it('killed in the middle and run again, the same rows are left as without', async () => {
  await publishPolicy();
  const engine = await openLoaded(folder);
  await engine.sealDays('9999-01-01');
  await engine.close();
  const sealed = (await listDayFiles(join(folder.store, 'days'))).map(({ path }) => path);
  const someWent = (): boolean => sealed.some((path) => !existsSync(path));
  // As soon as it is on disk what is to go; in the middle of the sealed files; and wherever it is by then.
  const moments = [
    () => existsSync(folder.retention) || someWent(),
    someWent,
    () => sealed.filter((path) => !existsSync(path)).length > 6,
  ];
  let killed = 0;
  for (const moment of moments) {
    const child = startChild(process.execPath, [BIN, 'retention', 'run', '--data', folder.root]);
    let isOver = false;
    void child.ended.then(() => {
      isOver = true;
    });
    await until(() => isOver || moment(), 'the moment has come');
    const { signal } = await child.stop('SIGKILL');
    if (signal === 'SIGKILL') killed += 1;
    // Else nothing would tell a rebuild what went before the kill.
    expect(existsSync(folder.retention), 'it is on disk what goes, before it goes').toBe(true);
  }
  expect(killed).toBeGreaterThan(0);
  await outputOf(['retention', 'run', '--data', folder.root]);
  const { rows, files } = await left();
  expect(rows).toEqual(expected);
  // Of each site and day one file a table: 11 days have events, filtered and dropped left, 6 of them exempt and failed ones.
  expect(files).toBe(SITES.length * (11 * 3 + 6 * 2));
  await rm(folder.database);
  await outputOf(['rebuild', '--data', folder.root]);
  expect((await left()).rows).toEqual(expected);
}, 180_000);

it('the program runs it by itself, once a day, tells of it, and a restart does not repeat it', async () => {
  await publishPolicy();
  const status = async () =>
    JSON.parse(await outputOf(['retention', 'status', '--json', '--data', folder.root]).catch(() => '{}'));
  const runs = async () =>
    JSON.parse(await outputOf(['audit', 'list', '--action', 'retention_run', '--json', '--data', folder.root])).entries;
  let program = await serve({ data: folder.root });
  try {
    // What is loaded after the first run is for the next: asked for here.
    await until(async () => (await runs()).length === 1, 'it ran by itself');
    const dry = JSON.parse(await outputOf(['retention', 'run', '--dry-run', '--json', '--data', folder.root]));
    expect(dry.policy_version).toBe('2.0.0');
    await until(async () => {
      const ran = await outputOf(['retention', 'run', '--json', '--data', folder.root]);
      return JSON.parse(ran).rows.length === 8;
    }, 'all is loaded and looked at');
    const { last_run, overdue } = await status();
    expect(overdue).toBe(false);
    expect(last_run.rows.every(({ oldest, before }: { oldest: string; before: string }) => oldest >= before)).toBe(
      true,
    );
    const metrics = await (await fetch(`${program.console}/metrics`)).text();
    const oldest = sumOf(metrics, 'parcours_retention_oldest_timestamp_seconds', 'class="events"') * 1000;
    expect(Math.round((now - oldest) / 86_400_000)).toBe(394);
    expect(sumOf(metrics, 'parcours_retention_last_success_timestamp_seconds')).toBeGreaterThan(now / 1000);
    const entries = await runs();
    expect(entries[0]).toMatchObject({ by: 'program', outcome: 'done' });
    expect(entries.at(-1)).toMatchObject({ by: 'admin', outcome: 'done' });

    await program.child.stop();
    program = await serve({ data: folder.root });
    const again = await (await fetch(`${program.console}/metrics`)).text();
    expect(sumOf(again, 'parcours_retention_oldest_timestamp_seconds', 'class="events"') * 1000).toBe(oldest);
    expect(await runs()).toHaveLength(entries.length);
  } finally {
    await program.child.stop();
  }
  expect((await left()).rows).toEqual(expected);
}, 180_000);
