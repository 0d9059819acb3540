import { afterEach, beforeEach, expect, test } from 'vitest';
import { aBatch, anEvent } from '../../support/batch.ts';
import { createRandom, testSeed } from '../../support/random.ts';
import { flood } from './flood.ts';
import { type Load, pause, quantile, startLoad } from './load.ts';
import { judgeRows, type Served, serveProgram } from './served.ts';

const ROUNDS = 5;
const ROUND_SECONDS = 3;
/** Until all that floods is connected and refused. */
const FIRST_SECONDS = 2;
const PER_KEY = 400;
/** Of what a key may send, what one sends that keeps to it. */
const KEPT = 0.9;

let served: Served;
let load: Load;
beforeEach(async () => {
  const sites = [
    { id: 'shop', keys: ['pk_demo'] },
    { id: 'other', keys: ['pk_flood'] },
  ];
  served = await serveProgram({ config: { sites, rateLimits: { perAddress: 1_000_000, perKey: PER_KEY } } });
  load = startLoad({ collector: served.collector, random: createRandom(testSeed()), senders: 8, pauseMs: 30 });
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

test('a key that floods is not felt by another', { timeout: 180_000 }, async () => {
  const body = JSON.stringify(aBatch([anEvent(), anEvent(), anEvent()], { site: 'other', key: 'pk_flood' }));
  const url = `${served.collector}/v1/events`;
  const seconds = FIRST_SECONDS + ROUND_SECONDS;
  const quiet: number[] = [];
  const kept: number[] = [];
  const flooded: number[] = [];
  let refused = 0;
  /** The p99 beside something that begins while nobody measures. */
  const p99Beside = async (): Promise<number> => {
    await pause(FIRST_SECONDS * 1_000);
    return p99For(ROUND_SECONDS * 1_000);
  };
  for (let n = 0; n < ROUNDS; n++) {
    quiet.push(await p99For(ROUND_SECONDS * 1_000));
    const keeping = flood({ url, body, connections: 50, seconds, rate: KEPT * PER_KEY });
    kept.push(await p99Beside());
    expect(Object.keys((await keeping).statusCodeStats)).toEqual(['200']);
    const flooding = flood({ url, body, connections: 500, seconds });
    flooded.push(await p99Beside());
    const { statusCodeStats, tookSeconds } = await flooding;
    refused += statusCodeStats['429']?.count ?? 0;
    // What was let through is no more than the key may, and what may come at once after a silence.
    expect(statusCodeStats['200']?.count ?? 0).toBeLessThan((tookSeconds + 2) * PER_KEY);
    // It comes with all its connections at once.
    expect(Object.keys(statusCodeStats).filter((status) => !['200', '429', '503'].includes(status))).toEqual([]);
  }
  // What a key may send costs what it costs: what is beyond must not be felt.
  const before = Math.max(quantile(quiet, 0.5), quantile(kept, 0.5));
  const beside = quantile(flooded, 0.5);
  const told = (figures: readonly number[]): string => figures.map((ms) => ms.toFixed(1)).join(', ');
  console.log(
    `p99 of the other key, ms: quiet ${told(quiet)}; beside the key as it may send ${told(kept)}; beside a flood ${told(flooded)}; ${refused} refused`,
  );
  expect(refused).toBeGreaterThan(ROUNDS * 500);
  await load.stop();
  // Not one answer to the other key fails.
  expect([...load.answers.keys()]).toEqual([200]);
  expect(await judgeRows(served, load)).toMatchObject({ lost: [], twice: [] });
  expect(beside / before).toBeLessThan(1.5);
});
