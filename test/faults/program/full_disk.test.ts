import { readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../support/processes.ts';
import { createRandom, testSeed } from '../../support/random.ts';
import { type Load, pause, startLoad } from './load.ts';
import { judgeRows, type Served, serveProgram, verifyReceipts } from './served.ts';
import { mayMount } from './small_disk.ts';

/**
 * A disk that is full for all of the program, the database included. It needs a mount; where the machine gives none, a full
 * disk is still played to the collector in `disk.test.ts`.
 */
describe.skipIf(!mayMount())('on a disk of 200 MB', () => {
  let served: Served;
  let load: Load;
  beforeEach(async () => {
    served = await serveProgram({ diskMb: 200 });
    load = startLoad({ collector: served.collector, random: createRandom(testSeed()), senders: 4, pauseMs: 5 });
    await load.nextPromise();
  });
  afterEach(async () => {
    await load?.stop();
    await served?.stop();
  });

  const freeBytes = async (): Promise<number> => {
    const { bavail, bsize } = await statfs(served.data);
    return bavail * bsize;
  };

  test('full to the last byte: 503 and not ready within 2 s; with room again all goes on, tables too, and nothing is lost', async () => {
    const filler = join(served.data, 'filler');
    await writeFile(filler, Buffer.alloc(await freeBytes())).catch(() => undefined);
    await writeFile(`${filler}-2`, Buffer.alloc(4_000_000)).catch(() => undefined);
    const full = performance.now();
    await until(async () => (await fetch(`${served.collector}/readyz`)).status === 503, 'not ready');
    expect(performance.now() - full).toBeLessThan(2_000);
    await until(() => (load.answers.get(503) ?? 0) > 20, 'senders are refused');
    await pause(3_000);
    await Promise.all([rm(filler, { force: true }), rm(`${filler}-2`, { force: true })]);
    const room = performance.now();
    await load.nextPromise();
    expect(performance.now() - room).toBeLessThan(5_000);
    await load.stop();
    expect([...load.answers.keys()].sort()).toEqual([200, 503]);
    expect(load.refusals.filter(({ retryAfter }) => !(Number(retryAfter) >= 1))).toEqual([]);
    expect(await judgeRows(served, load)).toMatchObject({ lost: [], twice: [] });
    expect(await verifyReceipts(served)).toMatchObject({ code: 0 });
  });

  test('a query that spills all it can leaves the log its room', async () => {
    const { admin } = JSON.parse(await readFile(join(served.data, 'secrets.json'), 'utf8'));
    const sql = 'SELECT md5(CAST(i AS VARCHAR)) AS h, i FROM range(100000000) t(i) ORDER BY h';
    const asked = fetch(`${served.console}/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify({ sql, timeoutMs: 20_000 }),
    });
    let least = Number.POSITIVE_INFINITY;
    const look = setInterval(() => void freeBytes().then((free) => (least = Math.min(least, free))), 20);
    const { error } = (await (await asked).json()) as { error?: { code: string } };
    clearInterval(look);
    expect(error?.code).toBe('out_of_memory');
    expect(least).toBeGreaterThan(50_000_000);
    await load.stop();
    expect([...load.answers.keys()]).toEqual([200]);
  });
});
