import { resolve } from 'node:path';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { type Asker, ask, conditionOf, text, timeOf } from '../../failed/select.ts';
import { settle } from '../../failed/settle.ts';

interface Flags {
  code?: string;
  site?: string;
  olderThan?: string;
  all?: boolean;
  dryRun?: boolean;
  data: string;
  json?: boolean;
}

const PAGE = 50_000;

export const failedPurgeCommand = (): Command =>
  new Command('purge')
    .description('Throw failed items away, from tables and sealed days, for good: a rebuild does not bring them back.')
    .argument('[failed_ids...]', 'their ids, or the first 4 characters or more')
    .option('--code <code>', 'all of one code')
    .option('--site <id>', 'of one site only')
    .option('--older-than <time>', 'received before: 2026-11-22, or 30d, 12h, 15m ago')
    .option('--all', 'all there are')
    .option('--dry-run', 'only tell how many')
    .option('--data <folder>', 'data folder of the running program', process.env.DATA || './data')
    .option('--json', 'print { dryRun, purged } as JSON')
    .addHelpText(
      'after',
      `
Tables forget them within a second, sealed days at the next hourly sealing, the log with its segments.

Examples:
  parcours failed purge 3f2a91c0
  parcours failed purge --older-than 30d --dry-run

Exit codes: 0 purged, 1 refused or not reachable.`,
    )
    .action(purge);

async function purge(ids: readonly string[], flags: Flags): Promise<void> {
  const { code, site, olderThan, all = false, dryRun = false, data, json = false } = flags;
  if (ids.length === 0 && code === undefined && olderThan === undefined && !all) {
    fail('name the items to purge: ids, --code <code>, --older-than <time> or --all', { json, code: 'nothing_named' });
  }
  const asker: Asker = { data, json };
  const folder = dataFolder(resolve(data));
  const before = olderThan === undefined ? undefined : timeOf('--older-than', olderThan, json);
  const where = await conditionOf({ ids, code, site, before }, asker);
  let purged = 0;
  for (let last = ''; ; ) {
    const rows = await ask(
      `SELECT DISTINCT failed_id FROM failed WHERE ${where} AND failed_id > ${text(last)} ORDER BY failed_id LIMIT ${PAGE}`,
      asker,
    );
    if (rows.length === 0) break;
    const found = rows.map(({ failed_id }) => String(failed_id));
    last = found.at(-1) as string;
    if (!dryRun) {
      await settle(folder, found, 'purged').catch((error: Error) =>
        fail(`nothing was recorded in ${folder.control}: ${error.message}`, { json, code: 'not_recorded' }),
      );
    }
    purged += found.length;
  }
  const what = `${purged} failed ${purged === 1 ? 'item' : 'items'}`;
  process.stdout.write(
    json ? `${JSON.stringify({ dryRun, purged })}\n` : `${what} ${dryRun ? 'would be purged' : 'purged'}.\n`,
  );
}
