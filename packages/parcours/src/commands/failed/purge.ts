import { resolve } from 'node:path';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { type Asker, ask, conditionOf, timeOf, wholeId } from '../../failed/select.ts';
import { purge, settle } from '../../failed/settle.ts';

interface Flags {
  code?: string;
  site?: string;
  olderThan?: string;
  all?: boolean;
  yes?: boolean;
  dryRun?: boolean;
  data: string;
  json?: boolean;
}

export const failedPurgeCommand = (): Command =>
  new Command('purge')
    .description('Throw failed items away, from tables and sealed days, for good: a rebuild does not bring them back.')
    .argument('[failed_ids...]', 'their ids, or the first 4 characters or more')
    .option('--code <code>', 'all of one code')
    .option('--site <id>', 'all of one site')
    .option('--older-than <time>', 'received before: 2026-11-22, or 30d, 12h, 15m ago')
    .option('--all', 'all there are; needs --yes')
    .option('--yes', 'yes, all of them')
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
  parcours failed purge --all --yes

Exit codes: 0 purged, 1 refused or not reachable.`,
    )
    .action(run);

async function run(given: readonly string[], flags: Flags): Promise<void> {
  const { code, site, olderThan, all = false, yes = false, dryRun = false, data, json = false } = flags;
  if (given.length === 0 && code === undefined && site === undefined && olderThan === undefined && !all) {
    fail('name the items to purge: ids, --code, --site, --older-than or --all', { json, code: 'nothing_named' });
  }
  const asker: Asker = { data, json };
  const folder = dataFolder(resolve(data));
  const limit = olderThan === undefined ? undefined : timeOf('--older-than', olderThan, json);
  const ids: string[] = [];
  for (const prefix of given) ids.push(await wholeId(prefix, asker));
  const where = await conditionOf({ ids, code, site, before: limit }, asker);
  const [found = {}] = await ask(
    `SELECT count(DISTINCT failed_id) AS items, max(received_at) AS newest FROM failed WHERE ${where}`,
    asker,
  );
  const purged = Number(found.items);
  const what = `${purged} failed ${purged === 1 ? 'item' : 'items'}`;
  const isEverything = ids.length === 0 && code === undefined && site === undefined && limit === undefined;
  if (isEverything && !yes && !dryRun && purged > 0) {
    fail(`this throws all ${what} away, for good: say --yes, or look first with --dry-run`, {
      json,
      code: 'not_confirmed',
    });
  }
  if (!dryRun && purged > 0) {
    // Not what comes in meanwhile, nor what the logs still hold: only what was there to be seen.
    const before = new Date(Date.parse(String(found.newest)) + 1).toISOString();
    const recorded =
      ids.length > 0 ? settle(folder, await idsWhere(where, asker), 'purged') : purge(folder, { before, site, code });
    await recorded.catch((error: Error) =>
      fail(`nothing was recorded in ${folder.control}: ${error.message}`, { json, code: 'not_recorded' }),
    );
  }
  process.stdout.write(
    json ? `${JSON.stringify({ dryRun, purged })}\n` : `${what} ${dryRun ? 'would be purged' : 'purged'}.\n`,
  );
}

/** Of the ids that were given those that fit the rest too. */
async function idsWhere(where: string, asker: Asker): Promise<readonly string[]> {
  return (await ask(`SELECT DISTINCT failed_id FROM failed WHERE ${where}`, asker)).map((row) => String(row.failed_id));
}
