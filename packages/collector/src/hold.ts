/**
 * How long the answer to a sender that asks for too much is kept back, ms, and for how many at a time; beyond them answers go
 * at once. Whoever sends again as soon as it is answered is slowed to some request a second on each connection, and costs the
 * senders beside it next to nothing; whoever keeps to `Retry-After`, which is a second or more, loses nothing. Not all alike:
 * they would come again at the same moment.
 */
export const HOLD = { leastMs: 500, mostMs: 1_500, most: 2_000 } as const;

/** Resolves when a refusal may be told. */
export function createHold({
  leastMs,
  mostMs,
  most,
}: {
  readonly leastMs: number;
  readonly mostMs: number;
  readonly most: number;
} = HOLD): () => Promise<void> {
  let held = 0;
  return async () => {
    if (held >= most) return;
    held++;
    await new Promise((resolve) => setTimeout(resolve, leastMs + Math.random() * (mostMs - leastMs)));
    held--;
  };
}
