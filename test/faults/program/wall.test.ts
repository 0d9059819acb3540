import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../support/processes.ts';
import { createRandom, testSeed } from '../../support/random.ts';
import { startCounting } from './counting.ts';
import { type Load, pause, quantile, startLoad } from './load.ts';
import { judgeRows, type Served, serveProgram } from './served.ts';

const ROUNDS = 5;
const ROUND_MS = 3_000;
/** As `parcours serve` gives it. */
const READER_NICE = 10;

let served: Served;
let load: Load;
beforeEach(async () => {
  served = await serveProgram();
  load = startLoad({
    collector: served.collector,
    random: createRandom(testSeed()),
    senders: 8,
    eventsPerBatch: 10,
    pauseMs: 10,
  });
  await load.nextPromise();
  await pause(2_000);
});
afterEach(async () => {
  await load?.stop();
  await served?.stop();
});

const p99For = async (ms: number): Promise<number> => {
  load.takeLatencies();
  await pause(ms);
  return quantile(load.takeLatencies(), 0.99);
};

const readerAnswers = (): Promise<boolean> =>
  fetch(`${served.console}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );

/** The collector's p99s in ms. */
interface Rounds {
  readonly alone: number[];
  readonly beside: number[];
  readonly disturbed: number[];
}

/**
 * Rounds with nothing beside the load, beside a program that only counts, on each core at the reader's priority, and with what is
 * done to the reader, in turns.
 */
async function roundsWith(disturb: () => Promise<void>): Promise<Rounds> {
  const rounds: Rounds = { alone: [], beside: [], disturbed: [] };
  for (let n = 0; n < ROUNDS; n++) {
    rounds.alone.push(await p99For(ROUND_MS));
    const stopCounting = startCounting({ programs: availableParallelism(), nice: READER_NICE });
    rounds.beside.push(await p99For(ROUND_MS));
    stopCounting();
    const disturbing = disturb();
    rounds.disturbed.push(await p99For(ROUND_MS));
    await disturbing;
    await until(readerAnswers, 'the reader is back');
  }
  return rounds;
}

const inMs = (values: readonly number[]): string => values.map((value) => value.toFixed(1)).join(', ');

async function expectWhole({ alone, beside, disturbed }: Rounds): Promise<void> {
  console.log(
    `p99 of the collector in ms: ${inMs(alone)} alone, ${inMs(beside)} beside any other program, ${inMs(disturbed)} disturbed`,
  );
  await load.stop();
  // Not one answer fails.
  expect([...load.answers.keys()]).toEqual([200]);
  // It is back by itself, and has caught up.
  expect(await judgeRows(served, load)).toMatchObject({ lost: [], twice: [] });
  // Beside any program a wake-up takes longer, whatever its priority: that is the machine's, and the rest the reader's. Of the
  // medians: of one round alone the p99 hangs on a handful of answers.
  const without = Math.max(quantile(alone, 0.5), quantile(beside, 0.5));
  expect(quantile(disturbed, 0.5) / without).toBeLessThan(1.5);
}

test('a reader killed again and again is not felt where events arrive, is back by itself and catches up', async () => {
  const rounds = await roundsWith(async () => {
    served.kill('reader');
    await pause(ROUND_MS - 500);
  });
  await expectWhole(rounds);
});

/** Each wants more memory than there is: all pairs of millions of rows, sorted and hashed. */
const HUNGRY = [
  'SELECT a.i, b.i, md5(CAST(a.i * b.i AS VARCHAR)) AS h FROM range(100000) a(i), range(100000) b(i) ORDER BY h',
  'SELECT count(DISTINCT md5(CAST(i AS VARCHAR))) FROM range(2000000000) t(i)',
  "SELECT string_agg(repeat('x', 1000), ',') FROM range(100000000)",
];

test('a query that eats all memory is not felt where events arrive, and the reader catches up', async () => {
  const { admin } = JSON.parse(await readFile(join(served.data, 'secrets.json'), 'utf8'));
  const ask = (sql: string): Promise<unknown> =>
    fetch(`${served.console}/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
      body: JSON.stringify({ sql, timeoutMs: ROUND_MS }),
    }).then(
      (response) => response.text(),
      // A reader that died of it is as good as one that says no.
      () => undefined,
    );
  const rounds = await roundsWith(async () => {
    await Promise.all(HUNGRY.map(ask));
  });
  await expectWhole(rounds);
});
