import { expect, test } from 'vitest';
import { burst, bursts, copiesIn, inEachBrowser } from './world.ts';

inEachBrowser((world) => {
  test('nothing goes wrong: every event is stored once, and sent once', async () => {
    const tab = await world.visit('/start');
    await burst(tab, 20);
    await world.storedOnce(['page_view /start', ...bursts('/start', 20)]);
    expect(copiesIn(world.front.batches)).toEqual([]);
  });
});
