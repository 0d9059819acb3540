import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { failWith } from '../fail_with.ts';
import { writeNewFile } from '../new_file.ts';
import { createProgress, formatBytes } from '../progress.ts';
import { openTables } from '../tables.ts';

interface Flags {
  data: string;
  json?: boolean;
}

export const snapshotCommand = (): Command =>
  new Command('snapshot')
    .description('Copy all tables and views of this moment into a DuckDB file for a client of its own.')
    .argument('<file>', 'the file to make, such as parcours.duckdb')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'print { file, bytes, seconds } as JSON')
    .addHelpText(
      'after',
      `
Loading goes on meanwhile. The copy is for its owner alone (mode 0600), is never overwritten, and is no backup: what
is made again from it lacks the log, the secrets and the control records.

Example:
  parcours snapshot parcours.duckdb && duckdb -readonly parcours.duckdb "SELECT count(*) FROM orders"

Exit codes: 0 done, 1 refused or failed; no file is left behind then.`,
    )
    .action((file: string, flags: Flags) => snapshot(file, flags).catch((error) => failWith(error, flags)));

async function snapshot(file: string, { data, json = false }: Flags): Promise<void> {
  const progress = createProgress({ quiet: json });
  const startedAt = performance.now();
  const tables = await openTables(data);
  try {
    const bytes = await writeNewFile(file, async (to) => {
      const copy = await tables.snapshot();
      let done = 0;
      const counted = async function* () {
        for await (const piece of copy.pieces) {
          done += piece.length;
          progress.update(() => `snapshot: ${formatBytes(done)} of ${formatBytes(copy.bytes)}`);
          yield piece;
        }
      };
      await pipeline(counted, to);
      return done;
    });
    progress.end();
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    process.stdout.write(
      json
        ? `${JSON.stringify({ file, bytes, seconds })}\n`
        : `${formatBytes(bytes)} in ${seconds.toFixed(1)} s: ${file}\n`,
    );
  } finally {
    await tables.close();
  }
}
