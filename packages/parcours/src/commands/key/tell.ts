import type { DataFolder } from '../../data_folder.ts';
import type { NewKey } from '../../new_key.ts';
import { collectorOf, snippetFor } from '../../sites/snippet.ts';

/** What is told of a key: nothing that a list of keys may not show. */
export const shownKey = (record: NewKey['record']) => ({
  id: record.key,
  use: record.use,
  ...(record.use === 'console' ? { role: record.role } : { site: record.site }),
  ...(record.use === 'public' && { public_key: record.public_key }),
  ...(record.replaces !== undefined && { replaces: record.replaces }),
  ...(record.expires_at !== undefined && { expires_at: record.expires_at }),
});

/** Prints a key that was just made; its secret this once. */
export async function tellNewKey(
  folder: DataFolder,
  record: NewKey['record'],
  { shown, json, more = {} }: { readonly shown: string; readonly json: boolean; readonly more?: object },
): Promise<void> {
  const secret = record.use === 'public' ? {} : { secret: shown };
  if (json) {
    process.stdout.write(`${JSON.stringify({ key: shownKey(record), ...secret, ...more })}\n`);
    return;
  }
  const until = record.expires_at === undefined ? '' : `, until ${record.expires_at}`;
  const what = {
    public: () => `Public key for the pages of ${record.use === 'public' ? record.site : ''}`,
    server: () => `Secret key for the servers of ${record.use === 'server' ? record.site : ''}`,
    console: () => `Console secret, role ${record.use === 'console' ? record.role : ''}`,
  }[record.use]();
  process.stdout.write(`${what} (${record.key}${until}):\n\n  ${shown}\n\n`);
  if (record.use === 'public') {
    const { site } = record;
    const snippet = await snippetFor({ site, key: shown, collector: await collectorOf(folder) });
    process.stdout.write(`On every page of the site:\n\n${snippet}\n`);
  } else {
    const where = record.use === 'server' ? 'Send it as "Authorization: Bearer", never from a page.\n' : '';
    process.stdout.write(`It is shown this once, and only its hash is kept. ${where}`.trim().concat('\n'));
  }
}
