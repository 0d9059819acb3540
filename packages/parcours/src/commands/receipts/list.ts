import { once } from 'node:events';
import { resolve } from 'node:path';
import { type FoundReceipt, type Receipt, type ReceiptFilter, readReceipts } from '@parcours/store/receipts';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { failWith } from '../../fail_with.ts';
import { timeOf } from '../../failed/select.ts';
import { createProgress } from '../../progress.ts';
import { wholeNumber } from '../../reader_client.ts';
import { type InForce, receiptsInForce } from '../../receipts/in_force.ts';
import { createNewest } from '../../receipts/newest.ts';
import { isOfVisitor } from '../../receipts/visitor_filter.ts';
import { readSecrets } from '../../secrets.ts';
import { formatTable } from '../../table.ts';

interface Flags {
  site?: string;
  visitor?: string;
  receipt?: string;
  since?: string;
  until?: string;
  at?: string;
  limit?: string;
  data: string;
  json?: boolean;
}

export const receiptsListCommand = (): Command =>
  new Command('list')
    .description('List receipts of consent, the newest first: of a site, a visitor or a time, or in force on a day.')
    .option('--site <id>', 'of one site only')
    .option('--visitor <id>', 'of one visitor, by the id that the browser shows; receipts hold its keyed hash alone')
    .option('--receipt <id>', 'one receipt')
    .option('--since <time>', 'received since: 2026-11-22, or 30d, 12h, 15m ago')
    .option('--until <time>', 'received before')
    .option('--at <day>', 'those in force on a day, such as 2026-11-22 (UTC), with the purposes still granted')
    .option('--limit <number>', 'receipts listed at most (default: 50; with --json all)')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'print whole receipts, one JSON object a line; with --at { in_force, receipt }')
    .addHelpText(
      'after',
      `
In force on a day was a receipt that was chosen before its end, and at its beginning was neither expired, nor followed by
another choice of the same visitor, nor taken back whole. Two receipts of one visitor may be in force on one day, one after
the other. With --json and without --limit the receipts come in the order of their chains, streamed.

Examples:
  parcours receipts list --site shop-fr --since 24h
  parcours receipts list --at 2026-11-22 --json > in-force.ndjson
  parcours receipts list --visitor 0190a0a0-0000-7000-8000-000000000001 --json

Exit codes: 0 listed, also where there is none; 1 refused or failed.`,
    )
    .action((flags: Flags) => list(flags).catch((error) => failWith(error, flags)));

/** A receipt to be listed; how it stood on the day, where a day was asked for. */
interface Listed {
  readonly receipt: Receipt;
  readonly inForce: InForce | undefined;
}

async function list({
  site,
  visitor,
  receipt: receiptId,
  since,
  until,
  at,
  limit,
  data,
  json = false,
}: Flags): Promise<void> {
  const folder = dataFolder(resolve(data));
  const progress = createProgress({ quiet: json });
  const count = limit === undefined && json ? undefined : wholeNumber('--limit', limit ?? '50', json);
  const filter: ReceiptFilter = {
    site,
    receiptId,
    since: since === undefined ? undefined : Date.parse(timeOf('--since', since, json)),
    until: until === undefined ? undefined : Date.parse(timeOf('--until', until, json)),
  };
  const isTheirs = visitor === undefined ? () => true : isOfVisitor(await receiptsKey(folder.secrets), visitor);
  const day = at === undefined ? undefined : dayOf(at, json);
  let read = 0;
  async function* receipts(passing: ReceiptFilter): AsyncGenerator<FoundReceipt> {
    for await (const found of readReceipts(folder.receipts, passing)) {
      read += 1;
      progress.update(() => `receipts: ${read} read`);
      if (isTheirs(found.receipt)) yield found;
    }
  }
  // Of a visitor or a site every choice counts: what was taken back may have been received outside of the time asked for.
  const inForce = day && (await receiptsInForce(receipts({ site }), day));
  const isListed = ({ receipt_id, action }: Receipt): boolean =>
    !inForce || (action === 'grant' && inForce.has(receipt_id));
  async function* listed(): AsyncGenerator<Listed> {
    for await (const { receipt } of receipts(filter)) {
      if (isListed(receipt)) yield { receipt, inForce: inForce?.get(receipt.receipt_id) };
    }
  }
  if (count === undefined) {
    for await (const each of listed()) await print(`${lineOf(each)}\n`);
    return;
  }
  const newest = createNewest<Listed>(count, ({ receipt }) => Date.parse(receipt.received_at));
  let all = 0;
  for await (const each of listed()) {
    all += 1;
    newest.add(each);
  }
  progress.end();
  if (json) for (const each of newest.all()) await print(`${lineOf(each)}\n`);
  else if (all === 0) process.stdout.write('There is no such receipt.\n');
  else
    process.stdout.write(
      `${table(newest.all())}${all > count ? `${all - count} more: --limit, or --json for all\n` : ''}`,
    );
}

/** A stream of a million lines waits for whoever reads it. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

const lineOf = ({ receipt, inForce }: Listed): string =>
  JSON.stringify(inForce ? { in_force: inForce.purposes, receipt } : receipt);

const table = (rows: readonly Listed[]): string =>
  formatTable({
    columns: ['receipt', 'received', 'site', 'action', 'purposes', 'source', 'policy', 'ends'].map((name) => ({
      name,
      type: 'text',
    })),
    rows: rows.map(({ receipt, inForce }) => [
      receipt.receipt_id,
      receipt.received_at,
      receipt.site,
      receipt.action,
      (inForce?.purposes ?? (receipt.action === 'grant' ? receipt.purposes.granted : receipt.purposes.denied)).join(
        ' ',
      ),
      receipt.source,
      receipt.policy_version ?? receipt.policy_hash ?? '',
      receipt.expires_at?.slice(0, 10) ?? '',
    ]),
  });

const receiptsKey = async (path: string): Promise<Uint8Array> =>
  Buffer.from((await readSecrets(path)).receipts, 'base64url');

function dayOf(given: string, json: boolean): { readonly from: number; readonly to: number } {
  const from = Date.parse(`${given}T00:00:00.000Z`);
  const isDay =
    /^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(from) && new Date(from).toISOString().startsWith(given);
  if (!isDay) fail(`--at must be a day such as 2026-11-22 (it is "${given}")`, { json, code: 'bad_flag' });
  return { from, to: from + 86_400_000 };
}
