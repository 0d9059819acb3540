import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom, testSeed } from '../../support/random.ts';
import { createDiskSwitch } from './disk_switch.ts';
import { pause, startLoad } from './load.ts';
import { judgeRows, type Served, serveProgram, verifyReceipts } from './served.ts';

/** 1,000 with `TEST_KILLS=1000`. */
const KILLS = Number(process.env.TEST_KILLS ?? 100);
const SEED = testSeed();
/** Programs that are killed side by side: each waits a while before it starts a part again. More would wait for one another. */
const PROGRAMS = 2;
/** Ms within which events are taken again. */
const BACK_WITHIN_MS = 5_000;

test(
  `${KILLS} kills under load: nothing lost that was answered for, nothing stored twice, back within 5 s (seed ${SEED})`,
  async () => {
    const each = Math.ceil(KILLS / PROGRAMS);
    const lives = await Promise.all(Array.from({ length: PROGRAMS }, (_, n) => live(each, SEED + n)));
    // Where the whole program is killed, it is not the program that starts it again.
    const backs = lives.flatMap(({ backAfterMs }) => backAfterMs).filter(({ target }) => target !== 'all');
    const slow = backs.filter(({ ms }) => ms > BACK_WITHIN_MS);
    const answered = lives.reduce((sum, { promised }) => sum + promised, 0);
    const slowest = Math.max(...backs.map(({ ms }) => ms));
    console.log(`${answered} events answered for; back after at most ${slowest.toFixed(0)} ms`);
    expect(answered).toBeGreaterThan(KILLS * 10);
    expect(lives.map(({ lost, twice, receipts }) => ({ lost, twice, receipts }))).toEqual(
      lives.map(() => ({ lost: [], twice: [], receipts: 0 })),
    );
    expect(slow).toEqual([]);
  },
  60_000 + KILLS * 10_000,
);

/** One program, killed again and again while browsers send to it. */
async function live(kills: number, seed: number) {
  const random = createRandom(seed);
  // On a disk that takes its time: on a quick one a kill hardly ever falls between an answer and what it promises.
  const folder = await mkdtemp(join(tmpdir(), 'parcours-kill-'));
  const disk = createDiskSwitch(folder);
  disk.turn({ is: 'slow', ms: 15 });
  const served = await serveProgram({ data: disk.data, env: disk.env });
  const load = startLoad({ collector: served.collector, random, senders: 6, timeoutMs: 5_000 });
  const backAfterMs: { readonly target: string; readonly ms: number }[] = [];
  try {
    for (let n = 0; n < kills; n++) {
      await load.nextPromise();
      await pause(random() * 300);
      const target = targetOf(random());
      served.kill(target);
      const killedAt = performance.now();
      if (target === 'all') await served.startAgain();
      await Promise.race([load.nextPromise(), pause(3 * BACK_WITHIN_MS)]);
      backAfterMs.push({ target, ms: performance.now() - killedAt });
    }
    await load.stop();
    const { lost, twice } = await judgeRows(served, load);
    return {
      lost,
      twice,
      receipts: await verified(served),
      backAfterMs,
      promised: load.promised.size,
    };
  } finally {
    await load.stop();
    await served.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function verified(served: Served): Promise<number | string | null> {
  const { code, output } = await verifyReceipts(served);
  return code === 0 ? 0 : output;
}

/** Mostly the collector; now and then the reader, or the machine's whole program at once. */
const targetOf = (drawn: number): 'collector' | 'reader' | 'all' =>
  drawn < 0.75 ? 'collector' : drawn < 0.85 ? 'reader' : 'all';
