import { expect, test } from 'vitest';
import { quantile } from '../program/load.ts';
import { burst, bursts, copiesIn, inEachBrowser } from './world.ts';

/** Design: "online again: all in 0.3 s". */
const ONLINE_MS = 300;
const OUTAGES = 3;

inEachBrowser((world) => {
  test('the network goes and comes back: all is stored at once, and sent once, each time', async () => {
    const tab = await world.visit('/start');
    await world.answered(1);
    const expected = ['page_view /start'];
    const took: number[] = [];
    for (let n = 0; n < OUTAGES; n++) {
      await world.front.cut();
      await tab.setOffline(true);
      await burst(tab, 20, n * 20);
      await tab.run(() => parcours.flush());
      await world.storedOnce(expected);
      await world.front.pass();
      const since = performance.now();
      await tab.setOffline(false);
      expected.push(...bursts('/start', 20, n * 20));
      await world.answered(expected.length);
      took.push(Math.max(...world.front.batches.map(({ answeredAt = 0 }) => answeredAt)) - since);
      await world.storedOnce(expected);
    }
    console.log(
      `${world.kind.name}: online again, all answered after ${took.map((ms) => ms.toFixed(0)).join(', ')} ms`,
    );
    // One may have met a machine that was busy with something else.
    expect(quantile(took, 0.5)).toBeLessThan(ONLINE_MS);
    expect(copiesIn(world.front.batches)).toEqual([]);
  });
});
