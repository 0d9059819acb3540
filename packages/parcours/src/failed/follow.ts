import type { Engine } from '@parcours/store';
import type { ControlFeed } from '@parcours/store/control';
import { followChanges } from '../follow_changes.ts';

export interface FollowSettledOptions {
  readonly feed: ControlFeed;
  /** Told of what the engine could not do: it is asked again. */
  readonly onError: (error: unknown) => void;
  /** Ms after which it is asked again. Default 5000. */
  readonly retryMs?: number;
}

/**
 * Keeps settled and purged failures out of the tables: all there are before it resolves, and from then on each within a second
 * of its record. Returns its stop, which waits for what is in hand.
 */
export async function followSettled(
  engine: Pick<Engine, 'settleFailures' | 'purgeFailures'>,
  { feed, onError, retryMs }: FollowSettledOptions,
): Promise<() => Promise<void>> {
  const told = new Set<string>();
  /** Marked as told only once the engine has done it. */
  const news = async <T>(
    records: Iterable<T>,
    {
      keyOf,
      tell,
    }: { readonly keyOf: (record: T) => string; readonly tell: (fresh: readonly T[]) => Promise<unknown> },
  ): Promise<void> => {
    const fresh = [...records].filter((record) => !told.has(keyOf(record)));
    if (fresh.length === 0) return;
    await tell(fresh);
    for (const record of fresh) told.add(keyOf(record));
  };
  const apply = async (): Promise<void> => {
    const { failures_settled, failures_purged } = feed.state;
    await news(failures_settled.keys(), { keyOf: (id) => id, tell: engine.settleFailures });
    await news(failures_purged.values(), { keyOf: ({ id }) => id, tell: engine.purgeFailures });
  };
  return followChanges(apply, { feed, kinds: ['failures_settled', 'failures_purged'], onError, retryMs });
}
