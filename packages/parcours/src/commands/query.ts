import type { QueryResult } from '@parcours/store';
import { Command } from 'commander';
import { askReader, wholeNumber } from '../reader_client.ts';
import { formatTable } from '../table.ts';

interface Flags {
  data: string;
  json?: boolean;
  maxRows: string;
  timeout: string;
}

export const queryCommand = (): Command =>
  new Command('query')
    .description('Run one SELECT over the tables, through the running reader.')
    .argument('<select>', 'one SELECT; tables: events, orders, failed, filtered, dropped')
    .option('--data <folder>', 'data folder of the running program', process.env.DATA || './data')
    .option('--max-rows <number>', 'rows shown at most', '1000')
    .option('--timeout <seconds>', 'time after which the query is given up', '30')
    .option('--json', 'print { columns, rows, truncated, elapsedMs } as JSON')
    .addHelpText(
      'after',
      `
Examples:
  parcours query "SELECT type, count(*) AS events FROM events GROUP BY type"
  parcours query "SELECT path, title FROM events WHERE type = 'page_view'" --json

Exit codes: 0 answered, 1 refused or not reachable.`,
    )
    .action(query);

async function query(sql: string, { data, json = false, maxRows, timeout }: Flags): Promise<void> {
  const body = {
    sql,
    maxRows: wholeNumber('--max-rows', maxRows, json),
    timeoutMs: wholeNumber('--timeout', timeout, json) * 1000,
  };
  const answer = await askReader<QueryResult>('/v1/query', body, { data, json });
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : formatTable(answer));
}
