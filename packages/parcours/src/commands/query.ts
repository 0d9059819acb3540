import { resolve } from 'node:path';
import type { QueryResult } from '@parcours/store';
import { Command } from 'commander';
import { dataFolder } from '../data_folder.ts';
import { fail } from '../fail.ts';
import { readRunFile } from '../run_file.ts';
import { readSecrets } from '../secrets.ts';
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
    .argument('<select>', 'one SELECT; tables: events, failed, filtered, dropped')
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
  const folder = dataFolder(resolve(data));
  const run = await readRunFile(folder.run);
  if (!run)
    fail(`nothing runs on ${folder.root}; start it with: parcours serve --data ${data}`, { json, code: 'not_running' });
  const { admin } = await readSecrets(folder.secrets).catch((error: Error) => fail(error.message, { json }));
  const response = await fetch(`${run.console}/v1/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}` },
    body: JSON.stringify({
      sql,
      maxRows: whole('--max-rows', maxRows, json),
      timeoutMs: whole('--timeout', timeout, json) * 1000,
    }),
  }).catch((error: Error) => fail(`the reader at ${run.console} does not answer (${error.message})`, { json }));
  const answer = (await response.json()) as QueryResult & { error?: { code: string; message: string } };
  if (answer.error) fail(answer.error.message, { json, code: answer.error.code });
  if (json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else process.stdout.write(formatTable(answer));
}

function whole(flag: string, text: string, json: boolean): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    fail(`${flag} must be a whole number above 0 (it is "${text}")`, { json });
  return value;
}
