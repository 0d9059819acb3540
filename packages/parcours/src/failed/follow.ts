import type { Engine } from '@parcours/store';
import type { ControlFeed } from '@parcours/store/control';

/**
 * Keeps settled and purged failures out of the tables: all there are before it resolves, and from then on each within a second
 * of its record. Returns its stop, which waits for what is in hand.
 */
export async function followSettled(
  engine: Pick<Engine, 'settleFailures' | 'purgeFailures'>,
  {
    feed,
    onError,
  }: { readonly feed: Pick<ControlFeed, 'state' | 'onChange'>; readonly onError: (error: unknown) => void },
): Promise<() => Promise<void>> {
  const told = new Set<string>();
  /** Marked as told only once the engine has done it: what failed is tried again with the next change. */
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
  await apply();
  let working: Promise<void> = Promise.resolve();
  const unsubscribe = feed.onChange(() => {
    working = working.then(apply).catch(onError);
  });
  return async () => {
    unsubscribe();
    await working;
  };
}
