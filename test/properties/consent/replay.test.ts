import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mainOrAll } from '../../support/full.ts';
import { type FaultyLife, type Lives, openLives } from './lives.ts';
import { type Life, life } from './steps.ts';

/**
 * Lives that `npm run test:full` lives in Chromium. `npm test` lives the first `MAIN` of them, other ones each time; `TEST_REPLAYS`
 * asks for a number of one's own. `TEST_SEED` gives those of a seed that was printed, with `TEST_LIFE` the one of them that a
 * counterexample names.
 */
const ALL = 200;
const MAIN = 6;
const REPLAYS = process.env.TEST_REPLAYS;
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
const ONE = process.env.TEST_LIFE;

const sampled = (numRuns: number): readonly Life[] => fc.sample(life, { seed: SEED, numRuns });

const chosen = (): readonly Life[] => {
  if (ONE) return fc.sample(life, { seed: SEED, path: ONE, numRuns: 1 });
  return REPLAYS ? sampled(Number(REPLAYS)) : mainOrAll(sampled(ALL), { main: MAIN });
};

/** What goes wrong may be what never comes, which takes its time at each try to make a life shorter. */
const SHRINKING_MS = 120_000;

let lives: Lives;

beforeAll(async () => {
  lives = await openLives();
}, 300_000);
afterAll(() => lives?.close());

const sample = chosen();
const title = ONE ? `life ${ONE} in Chromium` : `${sample.length} lives in Chromium`;

test(`${title}: no byte kept or sent outside of what was granted, nothing granted lost (seed ${SEED})`, async () => {
  const faulty = await lives.live(sample);
  const [first] = faulty;
  if (first) await tell(first, faulty);
  expect(await lives.rowFaults()).toEqual([]);
}, 1_800_000);

/** Fails with what went wrong, and with the first of the lives in which it did, made as short as it can be. */
async function tell(first: FaultyLife, faulty: readonly FaultyLife[]): Promise<void> {
  const path = ONE ?? `${first.index}`;
  const told = faulty.map(({ index, faults }) => ({ path: ONE ?? `${index}`, faults, life: inWords(sample[index]) }));
  console.error(`Faulty lives of seed ${SEED}, of which one is made shorter:`, JSON.stringify(told, undefined, 2));
  const property = fc.asyncProperty(life, async (one) => (await lives.live([one])).length === 0);
  const shrunk = await fc.check(property, { seed: SEED, path, numRuns: 1, interruptAfterTimeLimit: SHRINKING_MS });
  const shortest = shrunk.counterexamplePath ?? path;
  expect({
    again: `TEST_SEED=${SEED} TEST_LIFE=${shortest} npx vitest run --project system test/properties/consent/replay.test.ts`,
    shortest: shrunk.counterexample ? inWords(shrunk.counterexample[0]) : 'it went well the second time',
    told,
  }).toEqual('no faulty life');
}

const inWords = (one: Life | undefined): string => JSON.stringify(one);
