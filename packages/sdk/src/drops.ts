import type { DropCode, Dropped } from '@parcours/protocol';

/** Told of each loss at once. */
export type DropListener = (dropped: { readonly code: DropCode; readonly count: number }) => void;

/** Losses for technical reasons, by reason. Losses for lack of consent are never counted. */
export interface Drops {
  add(code: DropCode, count?: number): void;
  /** What a batch is to report; given back where the batch is not acknowledged, so that no two report the same. */
  take(): Dropped[];
  giveBack(taken: readonly Dropped[]): void;
  /** The listener must not throw. */
  onDrop(listener: DropListener): () => void;
}

/** Counts losses until a batch that reports them is acknowledged. */
export function createDrops(): Drops {
  let counts: Record<string, number> = {};
  const listeners = new Set<DropListener>();
  const increase = ({ code, count }: Dropped): void => {
    counts[code] = (counts[code] ?? 0) + count;
  };
  return {
    add(code, count = 1) {
      const dropped = { code, count };
      increase(dropped);
      for (const listener of listeners) listener(dropped);
    },
    take() {
      const taken = Object.entries(counts).map(([code, count]) => ({ code, count }));
      counts = {};
      return taken;
    },
    giveBack: (taken) => taken.forEach(increase),
    onDrop(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
