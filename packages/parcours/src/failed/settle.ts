import { appendControl, MAX_SETTLED, type Settlement } from '@parcours/store/control';
import type { DataFolder } from '../data_folder.ts';

const WRITER = 'cli';

/**
 * Records durably that failures are settled, all at once; the running reader takes them out of the tables within a second.
 * Those that are settled already are left out.
 */
export async function settle(folder: DataFolder, ids: readonly string[], as: Settlement): Promise<void> {
  if (ids.length === 0) return;
  await appendControl({
    folder: folder.control,
    writer: WRITER,
    decide: ({ failures_settled }) => {
      const open = ids.filter((id) => !failures_settled.has(id));
      const records = Math.ceil(open.length / MAX_SETTLED);
      return Array.from({ length: records }, (_, index) => ({
        kind: 'failures_settled' as const,
        failed_ids: open.slice(index * MAX_SETTLED, (index + 1) * MAX_SETTLED),
        as,
      }));
    },
  });
}

/** Records durably that failures are purged by what they have in common: one record, however many there are. */
export async function purge(
  folder: DataFolder,
  what: { readonly before: string; readonly site?: string | undefined; readonly code?: string | undefined },
): Promise<void> {
  const { before, site, code } = what;
  await appendControl({
    folder: folder.control,
    writer: WRITER,
    decide: () => [
      { kind: 'failures_purged', before, ...(site !== undefined && { site }), ...(code !== undefined && { code }) },
    ],
  });
}
