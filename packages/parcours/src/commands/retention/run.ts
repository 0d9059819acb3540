import { resolve } from 'node:path';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { failWith } from '../../fail_with.ts';
import { createProgress } from '../../progress.ts';
import { openRetention } from '../../retention/open_retention.ts';
import { retentionTable } from './table.ts';

interface Flags {
  dryRun?: boolean;
  data: string;
  json?: boolean;
}

export const retentionRunCommand = (): Command =>
  new Command('run')
    .description(
      'Take away what is older than the policy in force allows, from tables, sealed days, receipts, marks of the erased and the audit log, for good.',
    )
    .option('--dry-run', 'only tell what would go')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'print { at, took_ms, policy_version, policy_hash, rows, files } as JSON')
    .addHelpText(
      'after',
      `
Rows go by the day on which they were received, whole days at a time, each class of each site by its own number of the policy.
Receipts go by whole segments, some time after the end of the choices that they prove, and entries of the audit log after
"audit_days"; each leaves a signed record from which \`parcours receipts verify\` and \`audit verify\` go on. Interrupted, run it again: the same is left. A rebuild brings nothing back.

Examples:
  parcours retention run --dry-run
  parcours retention run --json

Exit codes: 0 done, 1 refused or failed.`,
    )
    .action((flags: Flags) => run(flags).catch((error) => failWith(error, flags)));

async function run({ dryRun = false, data, json = false }: Flags): Promise<void> {
  const progress = createProgress({ quiet: json });
  const retention = await openRetention(dataFolder(resolve(data)));
  try {
    const done = await retention.run({
      dryRun,
      onProgress: ({ removed, of }) => progress.update(() => `retention: ${removed} of ${of} rows gone`),
    });
    progress.end();
    if (json) process.stdout.write(`${JSON.stringify(done)}\n`);
    else {
      const rows = done.rows.reduce((sum, { removed }) => sum + removed, 0);
      const said = dryRun ? `${rows} rows would go. Nothing was changed.` : `${rows} rows are gone.`;
      process.stdout.write(`${retentionTable(done, dryRun ? 'would go' : 'removed')}${said}\n`);
    }
  } finally {
    progress.end();
    await retention.close();
  }
}
