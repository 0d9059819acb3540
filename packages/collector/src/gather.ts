/**
 * For how many turns of the event loop bodies are gathered, and how many at most: as many as a turn takes in any case (`TURN`), so
 * that what is put off is never more than that, and whoever looks at the processor time of a turn sees the rest.
 */
export const GATHER = { turns: 2, most: 50 } as const;

/**
 * Handles the bodies that come at about the same time one step after the other: all are parsed, then all are judged. Each step's
 * code and data are in the processor's caches then, which takes a sixth off the cost of a batch under load (decision 37); alone, a
 * batch waits for two turns in which nothing else is to do.
 *
 * @param atEnd calls back when the turn is over
 * @returns calls back, together with the others that wait
 */
export function createGather(
  { turns, most }: { readonly turns: number; readonly most: number } = GATHER,
  atEnd: (over: () => void) => void = setImmediate,
): (go: () => void) => void {
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

  return (go) => {
    waiting.push(go);
    if (waiting.length >= most) release();
    else if (waiting.length === 1) after(turns, waiting);
  };
}
