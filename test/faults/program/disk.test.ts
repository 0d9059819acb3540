import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../support/processes.ts';
import { createRandom, testSeed } from '../../support/random.ts';
import { createDiskSwitch, type DiskState } from './disk_switch.ts';
import { type Load, pause, startLoad } from './load.ts';
import { judgeRows, type Served, serveProgram, verifyReceipts } from './served.ts';

/** What load balancers see. No answer is told as 0. */
const readiness = async (served: Served): Promise<number> =>
  fetch(`${served.collector}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ status }) => status,
    () => 0,
  );

async function msUntil(holds: () => Promise<boolean>, what: string): Promise<number> {
  const started = performance.now();
  await until(holds, what);
  return performance.now() - started;
}

let folder: string;
let served: Served;
let load: Load;
let turn: (state: DiskState) => void;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-disk-'));
  const disk = createDiskSwitch(folder);
  turn = disk.turn;
  served = await serveProgram({ data: disk.data, env: disk.env });
  load = startLoad({ collector: served.collector, random: createRandom(testSeed()), senders: 4, pauseMs: 5 });
});
afterEach(async () => {
  await load?.stop();
  await served?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Nothing that was answered for is lost, and nothing was answered with anything but 200 and 503, which says when to come again. */
async function expectWhole(): Promise<void> {
  await load.stop();
  expect(await judgeRows(served, load)).toMatchObject({ lost: [], twice: [] });
  expect(await verifyReceipts(served)).toMatchObject({ code: 0 });
  expect([...load.answers.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(load.refusals.filter(({ retryAfter }) => !(Number(retryAfter) >= 1))).toEqual([]);
}

test.each([{ is: 'full' }, { is: 'read-only' }, { is: 'broken' }] as const)(
  'a disk that is $is: 503 and not ready within 2 s, taken again by itself, nothing lost',
  async (state) => {
    await load.nextPromise();
    turn(state);
    expect(await msUntil(async () => (await readiness(served)) === 503, 'not ready')).toBeLessThan(2_000);
    await until(() => (load.answers.get(503) ?? 0) > 20, 'senders are refused');
    // What was on its way when the disk failed may still have been promised; from now on nothing can be.
    const promised = load.promised.size;
    await pause(1_000);
    expect(load.promised.size).toBe(promised);
    turn({ is: 'ok' });
    const back = Promise.all([load.nextPromise(), until(async () => (await readiness(served)) === 200, 'ready again')]);
    expect(await msUntil(async () => back.then(() => true), 'taken again')).toBeLessThan(5_000);
    expect(served.output()).not.toMatch(/the collector (killed|ended)/);
    await expectWhole();
  },
);

test('a slow disk: answers wait for it and none is refused', async () => {
  await load.nextPromise();
  turn({ is: 'slow', ms: 150 });
  for (let n = 0; n < 5; n++) await load.nextPromise();
  expect(load.answers.get(503) ?? 0).toBe(0);
  expect(await readiness(served)).toBe(200);
  turn({ is: 'ok' });
  await expectWhole();
});

test('a disk that hangs: not ready within 2 s, and what waited is answered once it goes on', async () => {
  await load.nextPromise();
  turn({ is: 'slow', ms: 6_000 });
  expect(await msUntil(async () => (await readiness(served)) === 503, 'not ready')).toBeLessThan(2_000);
  turn({ is: 'ok' });
  await Promise.all([load.nextPromise(), until(async () => (await readiness(served)) === 200, 'ready again')]);
  await expectWhole();
});
