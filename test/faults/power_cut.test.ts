import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLoader, openDuckDb } from '@parcours/store';
import { withdrawnOf } from '@parcours/store/control';
import { subjectOf } from '@parcours/store/receipts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVolatileDisk, type Fault, type Operation } from '../../packages/store/src/log/volatile.ts';
import { createRandom, testSeed } from '../support/random.ts';
import { chainFaults, copyLog, type Kept, readKept } from './power_cut/kept.ts';
import { beginLife, type Life, RECEIPT_KEY } from './power_cut/life.ts';
import { noPromises, type Promises } from './power_cut/promises.ts';
import { createShopper } from './power_cut/shopper.ts';

/**
 * The whole collector on a disk that forgets every byte and every name that was not synced: kill -9 cannot show a missing
 * sync, since the system's cache outlives the process.
 */
const CUTS = Number(process.env.TEST_POWER_CUTS ?? 250);
const SEED = testSeed();

/** Power cuts that one disk goes through, one life of a collector before each. */
const LIVES = 10;
const SHOPPERS = 6;

let folder: string;
/** Of the next segment that is copied from a disk. */
let segment = 1;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-power-'));
  await mkdir(join(folder, 'log', 'all-disks'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test(
  `${CUTS} power cuts: nothing lost that was answered for, and no event stored twice (seed ${SEED})`,
  async () => {
    const promised: string[] = [];
    const counts = { events: 0, receipts: 0, withdrawn: 0, keys: 0 };
    for (let disk = 0; disk * LIVES < CUTS; disk++) {
      const promises = await useDisk(disk);
      promised.push(...promises.events);
      for (const name of Object.keys(counts) as (keyof Promises)[]) counts[name] += promises[name].size;
    }
    // A collector that promises nothing would lose nothing.
    expect(counts.events).toBeGreaterThan(CUTS);
    for (const name of ['receipts', 'withdrawn', 'keys'] as const) expect(counts[name]).toBeGreaterThan(CUTS / 20);
    const rows = await loadedRows();
    expect(Math.max(...rows.values())).toBe(1);
    expect(promised.filter((id) => !rows.has(id))).toEqual([]);
  },
  60_000 + CUTS * 200,
);

/** Lives of a collector on one disk, each ended by a power cut, after which all is there that was promised until then. */
async function useDisk(number: number): Promise<Promises> {
  const random = createRandom(SEED + number * 7_919);
  const promises = noPromises();
  let powerCutIn = Number.POSITIVE_INFINITY;
  let life: Life | undefined;
  let isUp = false;
  const cutPower = (): void => {
    isUp = false;
    powerCutIn = Number.POSITIVE_INFINITY;
    disk.crash((unsynced) => Math.floor(random() ** 2 * (unsynced + 1)));
  };
  const disk = createVolatileDisk((operation): Fault | Promise<undefined> | undefined => {
    if (powerCutIn-- <= 0) cutPower();
    return faultOf(operation) ?? delayOf(operation);
  });
  const faultOf = (operation: Operation): Fault | undefined => {
    if (!isUp || random() > 0.01) return undefined;
    if (operation === 'append') return { code: 'ENOSPC', written: random.below(2_000) };
    return operation === 'datasync' || operation === 'syncFolder' ? { code: 'EIO' } : undefined;
  };
  /** A sync takes its time: meanwhile others arrive, and the same again. */
  const delayOf = (operation: Operation): Promise<undefined> | undefined =>
    operation === 'datasync' ? turns(random.below(4)) : undefined;

  const shoppers = Array.from({ length: SHOPPERS }, () => createShopper(random, (of) => isUp && of === life));
  for (let n = 0; n < LIVES; n++) {
    isUp = true;
    powerCutIn = random.below(100);
    life = await beginLife(disk.mount()).catch(() => undefined);
    const begun = life;
    if (!begun) {
      // The power went while it started, or a fault kept it from starting.
      if (isUp) cutPower();
    } else {
      const acts: Promise<unknown>[] = [];
      while (isUp) {
        for (let k = random.below(4); k > 0; k--) acts.push(shoppers[random.below(SHOPPERS)]!.act(begun, promises));
        if (random() < 0.05) acts.push(revoke(begun, random.uuid(), () => isUp && life === begun, promises));
        await (random() < 0.3 ? Promise.all(acts) : turns(1));
      }
      await Promise.all(acts);
      await begun.end();
    }
    expectKept(promises, await readKept(disk.mount()), `disk ${number}, life ${n}`);
  }
  expect(await chainFaults(disk.mount())).toEqual([]);
  segment = await copyLog(disk.mount(), join(folder, 'log', 'all-disks'), segment);
  return promises;
}

async function revoke(life: Life, key: string, isAlive: () => boolean, promises: Promises): Promise<void> {
  const isDone = await life.revoke(key).then(
    () => true,
    () => false,
  );
  if (isDone && isAlive()) promises.keys.add(key);
}

function expectKept(promises: Promises, kept: Kept, where: string): void {
  const subject = (visitor: string): string => subjectOf(RECEIPT_KEY, 'shop', visitor);
  expect(
    {
      events: [...promises.events].filter((id) => !kept.events.has(id)),
      receipts: [...promises.receipts].filter((id) => !kept.receipts.has(id)),
      withdrawn: [...promises.withdrawn].filter((id) => !withdrawnOf(kept.control, 'shop', subject(id))),
      keys: [...promises.keys].filter((key) => !kept.control.key_revoked.has(key)),
    },
    `lost: ${where}, seed ${SEED}`,
  ).toEqual({ events: [], receipts: [], withdrawn: [], keys: [] });
}

/** How many rows each event became, once the reader has loaded what all disks hold. */
async function loadedRows(): Promise<ReadonlyMap<string, number>> {
  const engine = await openDuckDb({ path: join(folder, 'test.duckdb'), folder });
  try {
    await createLoader({ logs: join(folder, 'log'), engine }).drain();
    const { rows } = await engine.query('SELECT event_id, count(*) AS n FROM events GROUP BY event_id', {
      maxRows: 1_000_000,
    });
    return new Map(rows.map(([id, n]) => [String(id), Number(n)]));
  } finally {
    await engine.close();
  }
}

async function turns(count: number): Promise<undefined> {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
  return undefined;
}
