import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { leastOf } from '../../support/sample.ts';
import type { Tab } from './drivers/browser.ts';
import { burst, bursts, inEachBrowser } from './world.ts';

/** Kills at once: each shows one event only. */
const TIMES = Number(process.env.TEST_KILLS ?? 20);
/** Design: "at least 80 % of single events at 0 ms": what the browser itself has no time for nobody can keep. */
const AT_ONCE = 0.8;
/** A sample strays: of one that falls short of the share so many times as many kills are judged. */
const AGAIN = 3;
/** Then this is red where a share of four in five would bring it once in ten thousand runs. */
const LEAST = leastOf(AGAIN * TIMES, { share: AT_ONCE, onceIn: 10_000 });
/** Of the burst, beside those of single events. */
const BURST = 1_000;
/** For a browser to start so often, on a machine that is busy. */
const STARTS_MS = (AGAIN * TIMES + 4) * 30_000;

inEachBrowser((world) => {
  test.each([
    [50, 1],
    [50, 20],
    [10_000, 20],
  ])('SIGKILL %i ms after: of %i events all are stored', async (ms, count) => {
    const folder = await world.folder();
    const before = await world.start(folder);
    const tab = await world.visit('/start', before);
    await world.answered(1);
    await world.front.cut();
    await burst(tab, count);
    await pause(ms);
    await before.kill();
    const after = await world.start(folder);
    await world.front.pass();
    await world.visit('/again', after);
    await world.storedOnce(['page_view /start', 'page_view /again', ...bursts('/start', count)]);
  });

  test(`SIGKILL at once, ${TIMES} times after one event and once after 20: most are stored, and none twice`, {
    timeout: STARTS_MS,
  }, async () => {
    const folder = await world.folder();
    /** So many events in one task, then the end. */
    const killAfter = async (first: number, count: number): Promise<void> => {
      const profile = await world.start(folder);
      const tab: Tab = await world.visit('/start', profile);
      // Brings what the life before has left.
      await tab.run(() => parcours.flush());
      await world.front.cut();
      await burst(tab, count, first);
      await profile.kill();
      await world.front.pass();
    };
    /** Numbers of the events that are stored, once the last life's are brought. */
    const keptSoFar = async (): Promise<readonly number[]> => {
      const last = await world.start(folder);
      const tab = await world.visit(`/end${kills}`, last);
      await tab.run(() => parcours.flush());
      await expect.poll(world.stored).toContain(`page_view /end${kills}`);
      await world.allStored();
      await last.quit();
      return (await world.stored())
        .filter((event) => event.startsWith('burst'))
        .map((event) => Number(event.split(' ')[2]));
    };
    let kills = 0;
    const killSingles = async (upTo: number): Promise<void> => {
      for (; kills < upTo; kills++) await killAfter(kills, 1);
    };
    const singlesOf = (kept: readonly number[]): number => kept.filter((n) => n < BURST).length;

    await killSingles(TIMES);
    await killAfter(BURST, 20);
    let kept = await keptSoFar();
    const isShort = singlesOf(kept) < AT_ONCE * TIMES;
    if (isShort) {
      await killSingles(AGAIN * TIMES);
      kept = await keptSoFar();
    }
    const single = singlesOf(kept);
    console.log(
      `${world.kind.name}: killed at once, kept ${single} of ${kills} single events, ${kept.length - single} of a burst of 20`,
    );
    expect(new Set(kept).size).toBe(kept.length);
    expect(single).toBeGreaterThanOrEqual(isShort ? LEAST : AT_ONCE * TIMES);
  });
}, undefined);
