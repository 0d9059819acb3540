import { expect, test } from 'vitest';
import { createGather } from './gather.ts';

/** Turns that end when told to. */
function someTurns() {
  let ends: (() => void)[] = [];
  return {
    atEnd: (over: () => void) => void ends.push(over),
    end() {
      const over = ends;
      ends = [];
      for (const each of over) each();
    },
  };
}

const opened = (limits: { turns: number; most: number }) => {
  const turns = someTurns();
  const gather = createGather({ ...limits, bytes: 100 }, turns.atEnd);
  const gone: number[] = [];
  return { turns, gone, gather: (n: number, size = 100) => gather(size, () => void gone.push(n)) };
};

test('those that come within the turns go together, in their order', () => {
  const { turns, gone, gather } = opened({ turns: 2, most: 50 });
  gather(1);
  gather(2);
  turns.end();
  gather(3);
  expect(gone).toEqual([]);
  turns.end();
  expect(gone).toEqual([1, 2, 3]);
});

test('as many as may wait go at once, and the next wait their own turns', () => {
  const { turns, gone, gather } = opened({ turns: 2, most: 2 });
  gather(1);
  gather(2);
  expect(gone).toEqual([1, 2]);
  gather(3);
  turns.end();
  gather(4);
  expect(gone).toEqual([1, 2, 3, 4]);
  gather(5);
  turns.end();
  // The turns of 3 are over, and were not those of 5.
  expect(gone).toEqual([1, 2, 3, 4]);
  turns.end();
  expect(gone).toEqual([1, 2, 3, 4, 5]);
});

test('one that comes while others go waits for the next', () => {
  const { atEnd, end } = someTurns();
  const gather = createGather({ turns: 1, most: 50, bytes: 100 }, atEnd);
  const gone: string[] = [];
  gather(1, () => {
    gone.push('first');
    gather(1, () => void gone.push('second'));
  });
  end();
  expect(gone).toEqual(['first']);
  end();
  expect(gone).toEqual(['first', 'second']);
});

test('a large one goes at once, and those that wait go on waiting', () => {
  const { turns, gone, gather } = opened({ turns: 1, most: 2 });
  gather(1);
  gather(2, 101);
  expect(gone).toEqual([2]);
  turns.end();
  expect(gone).toEqual([2, 1]);
});
