import { Command } from 'commander';
import { type Asker, ask, conditionOf, type Row, type Selection, timeOf } from '../../failed/select.ts';
import { wholeNumber } from '../../reader_client.ts';
import { formatTable } from '../../table.ts';

interface Flags {
  site?: string;
  code?: string;
  since?: string;
  limit: string;
  data: string;
  json?: boolean;
}

export const failedListCommand = (): Command =>
  new Command('list')
    .description('List failed items, the newest first, and count them by code.')
    .option('--site <id>', 'of one site only')
    .option('--code <code>', 'of one code only, such as invalid_field')
    .option('--since <time>', 'received since: 2026-11-22, or 30d, 12h, 15m ago')
    .option('--limit <number>', 'items listed at most', '50')
    .option('--data <folder>', 'data folder of the running program', process.env.DATA || './data')
    .option('--json', 'print { codes, items } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours failed list
  parcours failed list --code invalid_field --since 24h --json

Exit codes: 0 listed, 1 refused or not reachable.`,
    )
    .action(list);

async function list({ since, limit, data, json = false, ...filters }: Flags): Promise<void> {
  const asker: Asker = { data, json };
  const rows = wholeNumber('--limit', limit, json);
  const selection: Selection = { ...filters, ...(since !== undefined && { since: timeOf('--since', since, json) }) };
  const where = await conditionOf(selection, asker);
  const codes = await ask(
    `SELECT code, count(*) AS items FROM failed WHERE ${where} GROUP BY code ORDER BY items DESC, code`,
    asker,
  );
  const items = await ask(
    `SELECT failed_id, received_at, site, type, event_id, stage, code, path, message
     FROM failed WHERE ${where} ORDER BY received_at DESC, failed_id LIMIT ${rows}`,
    asker,
  );
  if (json) process.stdout.write(`${JSON.stringify({ codes, items })}\n`);
  else if (codes.length === 0) process.stdout.write('Nothing failed.\n');
  else {
    const shown = items.map((item) => ({ ...item, failed_id: String(item.failed_id).slice(0, 8) }));
    process.stdout.write(
      `${table(['code', 'items'], codes)}\n${table(['failed_id', 'received_at', 'site', 'type', 'code', 'path', 'message'], shown)}`,
    );
  }
}

const table = (names: readonly string[], rows: readonly Row[]): string =>
  formatTable({
    columns: names.map((name) => ({ name, type: 'text' })),
    rows: rows.map((row) => names.map((name) => row[name])),
  });
