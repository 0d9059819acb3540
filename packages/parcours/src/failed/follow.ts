import type { Engine } from '@parcours/store';
import type { ControlFeed } from '@parcours/store/control';

/**
 * Keeps settled failures out of the tables: all there are before it resolves, and from then on each within a second of its
 * record. Returns its stop, which waits for what is in hand.
 */
export async function followSettled(
  engine: Pick<Engine, 'settleFailures'>,
  { feed, onError }: { readonly feed: ControlFeed; readonly onError: (error: unknown) => void },
): Promise<() => Promise<void>> {
  const told = new Set<string>();
  const apply = async (): Promise<void> => {
    const ids = [...feed.state.failures_settled.keys()].filter((id) => !told.has(id));
    if (ids.length === 0) return;
    await engine.settleFailures(ids);
    for (const id of ids) told.add(id);
  };
  await apply();
  let working: Promise<void> = Promise.resolve();
  const unsubscribe = feed.onChange(() => {
    // What failed is tried again with the next change: nothing was marked as told.
    working = working.then(apply).catch(onError);
  });
  return async () => {
    unsubscribe();
    await working;
  };
}
