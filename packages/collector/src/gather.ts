/**
 * For how many turns of the event loop bodies are gathered, and how many at most: as many as a turn takes in any case (`TURN`), so
 * that whoever looks at the processor time of a turn sees what is beyond. A body of more bytes goes at once: it takes twenty times
 * its size once it is parsed, and fifty of the largest would be half a gigabyte.
 */
export const GATHER = { turns: 2, most: 50, bytes: 32 * 1024 } as const;

/**
 * Handles the bodies that come at about the same time one step after the other: all are parsed, then all are judged. Each step's
 * code is in the processor's caches then, which takes a tenth off the cost of a batch under load (decision 37); alone, a
 * batch waits for two turns in which nothing else is to do.
 *
 * @param atEnd calls back when the turn is over
 * @returns calls back, together with the others that wait; `size` of the body, bytes
 */
export function createGather(
  { turns, most, bytes }: { readonly turns: number; readonly most: number; readonly bytes: number } = GATHER,
  atEnd: (over: () => void) => void = setImmediate,
): (size: number, go: () => void) => void {
  let waiting: (() => void)[] = [];

  const release = (): void => {
    const released = waiting;
    waiting = [];
    for (const go of released) go();
  };

  /** @param group those that it was begun for: they may be gone before */
  const after = (left: number, group: readonly unknown[]): void => {
    if (group !== waiting) return;
    if (left === 0) release();
    else atEnd(() => after(left - 1, group));
  };

  return (size, go) => {
    if (size > bytes) return go();
    waiting.push(go);
    if (waiting.length >= most) release();
    else if (waiting.length === 1) after(turns, waiting);
  };
}
