import { beforeEach, describe, expect, it } from 'vitest';
import { createTurns } from './turn.ts';

describe('a turn of the event loop', () => {
  let now: number;
  let ends: (() => void)[];
  let mayTake: () => boolean;
  /** Requests of `ms` each that come at once: how many of them are taken. */
  const takenOf = (count: number, ms: number): number => {
    let taken = 0;
    for (let n = 0; n < count; n++) {
      if (!mayTake()) continue;
      taken++;
      now += ms;
    }
    return taken;
  };
  beforeEach(() => {
    now = 1_000;
    ends = [];
    mayTake = createTurns(
      { requests: 10, ms: 100 },
      () => now,
      (over) => void ends.push(over),
    );
  });

  it('takes what comes for as long as it may last, and refuses the rest', () => {
    expect(takenOf(1_000, 1)).toBe(10 + 101);
  });

  it('takes some requests however long they last, and then one', () => {
    expect(takenOf(1_000, 500)).toBe(10 + 1);
  });

  it('takes again once it is over', () => {
    takenOf(1_000, 1);
    expect(mayTake()).toBe(false);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    expect(takenOf(1_000, 1)).toBe(10 + 101);
    expect(ends).toHaveLength(2);
  });

  it('ends by itself: requests of two turns are not counted together', async () => {
    const mayTake = createTurns({ requests: 2, ms: -1 });
    const turn = () => [mayTake(), mayTake(), mayTake()];
    expect(turn()).toEqual([true, true, false]);
    await new Promise(setImmediate);
    expect(turn()).toEqual([true, true, false]);
  });

  it('spends no time by waiting', async () => {
    // Much, for other threads of this process spend too, such as what a test before has left to collect.
    const mayTake = createTurns({ requests: 0, ms: 500 }, undefined, () => {});
    expect(mayTake()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(mayTake()).toBe(true);
    const until = performance.now() + 10_000;
    while (mayTake() && performance.now() < until);
    expect(mayTake()).toBe(false);
  });
});
