import type { Engine } from '@parcours/store';
import { type ControlFeed, erasuresOf } from '@parcours/store/control';
import { followChanges } from '../follow_changes.ts';

/**
 * Keeps whoever was erased out of the tables, whichever process or machine recorded it: all there are before it resolves, and
 * from then on each within a second of its record. Returns its stop.
 *
 * @param key `receipts` of `secrets.json`
 */
export function followErased(
  engine: Pick<Engine, 'eraseSubjects'>,
  {
    feed,
    key,
    onError,
  }: { readonly feed: ControlFeed; readonly key: Uint8Array; readonly onError: (error: unknown) => void },
): Promise<() => Promise<void>> {
  const told = new Set<string>();
  const apply = async (): Promise<void> => {
    const erasures = erasuresOf(feed.state, Date.now()).filter(({ id }) => !told.has(id));
    if (erasures.length === 0) return;
    await engine.eraseSubjects({ key, erasures });
    for (const { id } of erasures) told.add(id);
  };
  return followChanges(apply, { feed, kinds: ['subject_erased'], onError });
}
