import { appendControl, MAX_SETTLED, type Settlement } from '@parcours/store/control';
import type { DataFolder } from '../data_folder.ts';

/** Records durably that failures are settled; the running reader takes them out of the tables within a second. Those that are settled already are left out. */
export async function settle(folder: DataFolder, ids: readonly string[], as: Settlement): Promise<void> {
  for (let from = 0; from < ids.length; from += MAX_SETTLED) {
    const some = ids.slice(from, from + MAX_SETTLED);
    await appendControl({
      folder: folder.control,
      writer: 'cli',
      decide: ({ failures_settled }) => {
        const open = some.filter((id) => !failures_settled.has(id));
        return open.length === 0 ? [] : [{ kind: 'failures_settled', failed_ids: open, as }];
      },
    });
  }
}
