import { resolve } from 'node:path';
import { AUDIT_ACTIONS, type AuditEntry, readAudit } from '@parcours/store/audit';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { fail } from '../../fail.ts';
import { failWith } from '../../fail_with.ts';
import { timeOf } from '../../failed/select.ts';
import { formatTable } from '../../table.ts';

interface Flags {
  action?: string;
  since?: string;
  until?: string;
  data: string;
  json?: boolean;
}

export const auditListCommand = (): Command =>
  new Command('list')
    .description('List what was done, the oldest first. Whose data it was is told by a keyed hash alone.')
    .option('--action <name>', `of one kind only: ${Object.keys(AUDIT_ACTIONS).join(', ')}`)
    .option('--since <time>', 'done since: 2026-11-22, or 30d, 12h, 15m ago')
    .option('--until <time>', 'done before')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'print { entries } as JSON, each as it is signed')
    .addHelpText(
      'after',
      `
Examples:
  parcours audit list --since 30d
  parcours audit list --action subject_erased --json

Exit codes: 0 listed, also where there is none; 1 refused or failed.`,
    )
    .action((flags: Flags) => list(flags).catch((error) => failWith(error, flags)));

async function list({ action, since, until, data, json = false }: Flags): Promise<void> {
  if (action !== undefined && !Object.hasOwn(AUDIT_ACTIONS, action)) {
    const known = Object.keys(AUDIT_ACTIONS).join(', ');
    fail(`--action must be one of ${known} (it is "${action}")`, { json, code: 'bad_flag' });
  }
  const from = since === undefined ? '' : timeOf('--since', since, json);
  const to = until === undefined ? undefined : timeOf('--until', until, json);
  const entries: AuditEntry[] = [];
  for await (const entry of readAudit(dataFolder(resolve(data)).audit)) {
    const isListed = (action === undefined || entry.action === action) && entry.at >= from;
    if (isListed && (to === undefined || entry.at < to)) entries.push(entry);
  }
  entries.sort((a, b) => (a.at < b.at ? -1 : 1));
  if (json) process.stdout.write(`${JSON.stringify({ entries })}\n`);
  else if (entries.length === 0) process.stdout.write('There is no such entry.\n');
  else process.stdout.write(table(entries));
}

const table = (entries: readonly AuditEntry[]): string =>
  formatTable({
    columns: ['at', 'by', 'action', 'outcome', 'about', 'counts', 'subject'].map((name) => ({ name, type: 'text' })),
    rows: entries.map(({ at, by, by_key, action, outcome, about = {}, counts = {}, subject = '' }) => [
      at,
      by_key === undefined ? by : `${by} ${by_key}`,
      action,
      outcome,
      pairs(about),
      pairs(counts),
      subject.slice(0, 12),
    ]),
  });

const pairs = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
