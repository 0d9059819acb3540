import { beforeEach, describe, expect, it } from 'vitest';
import { createCrowd } from './crowd.ts';

describe('a crowd of new connections', () => {
  const TURN = { requests: 10, ms: 100 };
  let now: number;
  let ends: (() => void)[];
  let told: boolean[];
  let crowd: ReturnType<typeof createCrowd>;
  const endTurn = (): void => {
    for (const end of ends.splice(0)) end();
  };
  const endTurns = (): void => {
    for (let n = 0; n < 10_000 && ends.length > 0; n++) endTurn();
  };
  /** A request that takes `ms`. */
  const arrive = (ms: number, isFirst = true): void =>
    crowd.arrived((isOverloaded) => {
      told.push(isOverloaded);
      if (!isOverloaded) now += ms;
    }, isFirst);
  const counts = () => ({ taken: told.filter((one) => !one).length, refused: told.filter((one) => one).length });

  beforeEach(() => {
    now = 1_000;
    ends = [];
    told = [];
    crowd = createCrowd({
      mayTake: () => true,
      turn: TURN,
      gatherTurns: 50,
      spentMs: () => now,
      atEnd: (over) => void ends.push(over),
    });
  });

  it.each([true, false])('that is not there puts nothing off, as far as the turn has time (first: %s)', (isFirst) => {
    arrive(1, isFirst);
    expect(told).toEqual([false]);
    crowd = createCrowd({ mayTake: () => false, atEnd: (over) => void ends.push(over) });
    arrive(1, isFirst);
    expect(told).toEqual([false, true]);
  });

  it('puts nobody off who has a connection already', () => {
    crowd.connected();
    arrive(1);
    expect(told).toEqual([]);
    arrive(1, false);
    expect(told).toEqual([false]);
  });

  it('is put off while connections come, one a turn, and handled once none does', () => {
    for (let n = 0; n < 20; n++) {
      crowd.connected();
      if (n > 0) arrive(1);
      endTurn();
      expect(told).toEqual([]);
    }
    arrive(1);
    endTurns();
    expect(counts()).toEqual({ taken: 20, refused: 0 });
  });

  it('is refused from where a turn would last too long', () => {
    for (let n = 0; n < 40; n++) {
      crowd.connected();
      arrive(10);
      endTurn();
    }
    endTurns();
    expect(counts()).toEqual({ taken: 10 + 11, refused: 40 - 21 });
    // The first that came are the first that are served.
    expect(told.indexOf(true)).toBe(21);
  });

  it('is served although connections never end', () => {
    for (let n = 0; n < 51; n++) {
      crowd.connected();
      arrive(1);
      endTurn();
    }
    expect(told.length).toBeGreaterThan(0);
  });

  it('is put off up to a bound, and refused at once beyond it', () => {
    crowd = createCrowd({ mayTake: () => true, mostWaiting: 5, atEnd: (over) => void ends.push(over) });
    crowd.connected();
    for (let n = 0; n < 8; n++) arrive(1);
    expect(told).toEqual([true, true, true]);
    endTurns();
    expect(counts()).toEqual({ taken: 5, refused: 3 });
  });

  it('waits in its order behind what is being served, and is counted anew', () => {
    crowd.connected();
    for (let n = 0; n < 30; n++) arrive(20);
    endTurn();
    endTurn();
    expect(told).toEqual([false]);
    for (let n = 0; n < 5; n++) arrive(20);
    endTurns();
    // 10 and then 6 of the first 30; all of the 5.
    expect(counts()).toEqual({ taken: 16 + 5, refused: 14 });
    arrive(1);
    expect(told.at(-1)).toBe(false);
    expect(ends).toEqual([]);
  });
});
