/**
 * How many requests one turn of the event loop takes in any case, and for how much more processor time, ms, it goes on with
 * them. A turn begins with what came while the one before lasted: where there is more than that, requests come faster than they
 * can be handled, and each further one would only make all later ones wait.
 */
export const TURN = { requests: 50, ms: 250 } as const;

/** Of this process: one that had to wait for a busy machine has not overspent. */
export const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/**
 * Asked once for each request, as its head is read: whether it may be handled in this turn.
 *
 * @param spentMs processor time since any point in time
 * @param atEnd   calls back when the turn is over
 */
export function createTurns(
  { requests, ms }: { readonly requests: number; readonly ms: number } = TURN,
  spentMs: () => number = processorMs,
  atEnd: (over: () => void) => void = setImmediate,
): () => boolean {
  let taken = 0;
  /** Once so many are taken: nobody looks at the clock before. */
  let since: number | undefined;
  const over = (): void => {
    taken = 0;
    since = undefined;
  };

  return () => {
    if (taken === 0) atEnd(over);
    if (taken >= requests) {
      since ??= spentMs();
      if (spentMs() - since > ms) return false;
    }
    taken++;
    return true;
  };
}
