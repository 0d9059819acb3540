import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { lastWithdrawnAt, policiesOf, readControl, withdrawnOf } from '@parcours/store/control';
import { subjectOf } from '@parcours/store/receipts';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { changesId, type Repair, repair } from '../../failed/repair.ts';
import type { ReplayedItem } from '../../failed/replay.ts';
import { type Asker, ask, conditionOf, text } from '../../failed/select.ts';
import { readablePolicy } from '../../policy/follow_policies.ts';
import { readSecrets } from '../../secrets.ts';
import { configuredSites } from '../../sites/configured.ts';
import { sitesInForce } from '../../sites/in_force.ts';
import { formatTable } from '../../table.ts';

interface Flags {
  code?: string;
  site?: string;
  all?: boolean;
  set: readonly string[];
  patch?: string;
  dryRun?: boolean;
  config?: string;
  data: string;
  json?: boolean;
}

/** Items in hand at a time. */
const PAGE = 500;

export const failedReplayCommand = (): Command =>
  new Command('replay')
    .description('Judge failed items again by the rules of today; what is accepted is stored once and leaves the list.')
    .argument('[failed_ids...]', 'their ids, or the first 4 characters or more')
    .option('--code <code>', 'all of one code')
    .option('--site <id>', 'all of one site')
    .option('--all', 'all there are')
    .option('--set <path=value>', 'repair it first, such as props.currency=EUR; may be repeated', collect, [])
    .option('--patch <file>', 'repair it first with a JSON merge patch (RFC 7396)')
    .option('--dry-run', 'only tell what would become of each')
    .option('--config <file>', 'configuration file (default: that of the running program)')
    .option('--data <folder>', 'data folder of the running program', process.env.DATA || './data')
    .option('--json', 'print { dryRun, counts, items } as JSON')
    .addHelpText(
      'after',
      `
Consent is decided again from the stamp that was captured; what it denies is counted as filtered and leaves the list too.
Ids and times stay as they were, so an item that is replayed twice is one event.

Examples:
  parcours failed replay 3f2a91c0 --set props.currency=EUR --dry-run
  parcours failed replay --code invalid_field --site shop --patch fix.json

Exit codes: 0 replayed, though items may fail again; 1 refused or not reachable.`,
    )
    .action(replay);

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function replay(ids: readonly string[], flags: Flags): Promise<void> {
  const { code, site, all = false, set, dryRun = false, data, json = false } = flags;
  if (ids.length === 0 && code === undefined && site === undefined && !all) {
    fail('name the items to replay: ids, --code, --site or --all', { json, code: 'nothing_named' });
  }
  const asker: Asker = { data, json };
  const folder = dataFolder(resolve(data));
  const patch = flags.patch === undefined ? undefined : await readPatch(flags.patch, json);
  // Of no item yet, so that what no item can take is refused before the first one is touched.
  checkRepair({ set, patch }, { json, isOne: ids.length === 1 });
  const where = await conditionOf({ ids, code, site }, asker);
  const { sites: configured } = await configuredSites(folder, { config: flags.config, json });
  const control = await readControl(folder.control);
  const sites = sitesInForce({ configured, control, now: Date.now() });
  const receiptKey = Buffer.from((await readSecrets(folder.secrets)).receipts, 'base64url');
  const published = policiesOf(control).map((policy) => readablePolicy(policy));
  // The rules come with it: loaded only here.
  const { createReplayRun, REPLAY_COLUMNS } = await import('../../failed/replay.ts');
  const run = createReplayRun({
    ...{ folder, sites, dryRun },
    consentOf: (site) => ({
      published,
      withdrawalsOf: (visitorId) => withdrawnOf(control, site, subjectOf(receiptKey, site, visitorId)),
      lastWithdrawnAt: lastWithdrawnAt(control, site),
    }),
    repair: { set, patch },
    stored: (events) => storedOf(events, asker),
  });
  const items: ReplayedItem[] = [];
  try {
    for (let last = ''; ; ) {
      const rows = await ask(
        `SELECT DISTINCT ON (failed_id) ${REPLAY_COLUMNS} FROM failed WHERE ${where} AND failed_id > ${text(last)}
         ORDER BY failed_id LIMIT ${PAGE}`,
        asker,
      );
      if (rows.length === 0) break;
      last = String(rows.at(-1)?.failed_id);
      items.push(...(await run.page(rows)));
    }
  } catch (error) {
    fail((error as Error).message, { json, code: 'not_replayed' });
  } finally {
    await run.close();
  }
  tell(items, { dryRun, json });
}

function checkRepair(changes: Repair, { json, isOne }: { readonly json: boolean; readonly isOne: boolean }): void {
  try {
    repair({}, changes);
  } catch (error) {
    fail((error as Error).message, { json, code: 'bad_set' });
  }
  if (!isOne && changesId(changes)) {
    fail('an event_id is for one item: name that item by its failed_id', { json, code: 'id_for_many' });
  }
}

async function readPatch(file: string, json: boolean): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'it is not JSON';
    return fail(`${file}: the patch cannot be read (${reason})`, { json, code: 'bad_patch' });
  }
}

async function storedOf(
  events: readonly { site: string; event_id: string; received_at: string }[],
  asker: Asker,
): Promise<ReadonlySet<string>> {
  if (events.length === 0) return new Set();
  const [first = ''] = events.map(({ received_at }) => received_at).sort();
  const rows = await ask(
    `SELECT site, event_id FROM events WHERE received_at >= TIMESTAMP ${text(first)} - INTERVAL 8 DAY
     AND event_id IN (${events.map(({ event_id }) => `${text(event_id)}::UUID`).join(', ')})`,
    asker,
  );
  return new Set(rows.map(({ site, event_id }) => `${site} ${event_id}`));
}

function tell(items: readonly ReplayedItem[], { dryRun, json }: { dryRun: boolean; json: boolean }): void {
  const counts = { accepted: 0, already_stored: 0, filtered: 0, failed: 0, unreplayable: 0 };
  for (const { outcome } of items) counts[outcome] += 1;
  if (json) {
    process.stdout.write(`${JSON.stringify({ dryRun, counts, items })}\n`);
    return;
  }
  const names = ['failed_id', 'outcome', 'code', 'path', 'message'] as const;
  const table = formatTable({
    columns: names.map((name) => ({ name, type: 'text' })),
    rows: items.map((item) => names.map((name) => (name === 'failed_id' ? item[name].slice(0, 8) : item[name]))),
  });
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  const sum = told.map(([outcome, count]) => `${count} ${outcome.replace('_', ' ')}`).join(', ') || 'nothing to replay';
  process.stdout.write(`${items.length > 0 ? `${table}\n` : ''}${dryRun ? 'Would be: ' : ''}${sum}.\n`);
}
