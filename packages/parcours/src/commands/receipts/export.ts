import { resolve } from 'node:path';
import { Command } from 'commander';
import { dataFolder } from '../../data_folder.ts';
import { failWith } from '../../fail_with.ts';
import { createProgress } from '../../progress.ts';
import { exportReceipts } from '../../receipts/export_receipts.ts';

interface Flags {
  out: string;
  data: string;
  json?: boolean;
}

export const receiptsExportCommand = (): Command =>
  new Command('export')
    .description('Write all receipts with what a third party needs to verify them without this program.')
    .requiredOption('--out <folder>', 'a new folder, for its owner alone')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'print { folder, public_key, receipts, bad_lines, policies, writers } as JSON')
    .addHelpText(
      'after',
      `
The folder holds the receipts as NDJSON, the public key, every policy that was in force, the head of each chain, the format in
words (README.md), and a program of one page that verifies it all (verify.mjs). Keep its heads.json where nobody of the
installation can write: "parcours receipts verify --heads" then finds what was cut off later.

Example:
  parcours receipts export --out receipts-2026-11

Exit codes: 0 exported, 1 refused or failed, and no folder is left behind; 1 too where lines were no receipts, which stay out.`,
    )
    .action((flags: Flags) => run(flags).catch((error) => failWith(error, flags)));

async function run({ out, data, json = false }: Flags): Promise<void> {
  const progress = createProgress({ quiet: json });
  const exported = await exportReceipts(dataFolder(resolve(data)), {
    to: out,
    onProgress: (receipts) => progress.update(() => `export: ${receipts} receipts`),
  });
  progress.end();
  const { folder, public_key, receipts, bad_lines, writers } = exported;
  const heads = Object.entries(writers).map(([writer, { head }]) => `${writer}: head ${head}\n`);
  const text = `${receipts} receipts: ${folder}\npublic key ${public_key}\n${heads.join('')}`;
  process.stdout.write(json ? `${JSON.stringify(exported)}\n` : text);
  if (bad_lines === 0) return;
  process.exitCode = 1;
  if (!json)
    process.stderr.write(`parcours: ${bad_lines} lines hold no receipt and were left out: parcours receipts verify\n`);
}
