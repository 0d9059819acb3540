import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportBody } from '@parcours/journeys';
import { Command } from 'commander';
import { BackupError } from '../backup/backup_error.ts';
import { failWith } from '../fail_with.ts';
import { writeNewFile } from '../new_file.ts';
import { createProgress, formatBytes } from '../progress.ts';
import { openTables } from '../tables.ts';

interface Flags {
  format: ExportBody['format'];
  out: string;
  from?: string;
  to?: string;
  site?: string;
  columns?: string;
  bom?: boolean;
  data: string;
  json?: boolean;
}

export const exportCommand = (): Command =>
  new Command('export')
    .description('Write the rows of one table or view as Parquet, CSV or NDJSON, streamed.')
    .argument('<table>', 'events, orders, failed, filtered or dropped')
    .requiredOption('--format <format>', 'parquet (zstd), csv (RFC 4180) or ndjson')
    .option('--out <file>', 'a new file for its owner alone, or - for standard output', '-')
    .option('--from <time>', 'rows received from this day (2026-11-25, midnight UTC) or moment (RFC 3339) on')
    .option('--to <time>', 'rows received before this day or moment')
    .option('--site <id>', 'one site only')
    .option('--columns <names>', 'these columns only, in this order, with commas between')
    .option('--bom', 'CSV: begin with the mark by which Excel knows UTF-8')
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'the summary, { table, format, file, rows, bytes, seconds }, as JSON')
    .addHelpText(
      'after',
      `
In CSV, a text that a spreadsheet would run as a formula (it begins with = + - @ tab CR LF) gets a ' before it, and so
does one that begins with ' itself: a program that reads the file takes one ' away. Numbers stay numbers, NULL is
empty, an empty text is "". In NDJSON, JSON columns are objects, and integers beyond 2^53 are text.
The summary goes to standard error where the rows go to standard output.

Examples:
  parcours export orders --format csv --bom --from 2026-11-01 --to 2026-12-01 --out orders.csv
  parcours export events --format ndjson --columns event_id,type,props | gzip > events.ndjson.gz

Exit codes: 0 done, 1 refused or failed; no file is left behind then.`,
    )
    .action((table: string, flags: Flags) => exportTable(table, flags).catch((error) => failWith(error, flags)));

async function exportTable(table: string, flags: Flags): Promise<void> {
  const { format, out, columns, site, from, to, bom = false, data, json = false } = flags;
  const toOutput = out === '-';
  if (toOutput && format === 'parquet' && process.stdout.isTTY) {
    throw new BackupError('failed', 'Parquet is not for a terminal: name a file with --out');
  }
  const request = {
    table,
    format,
    bom,
    ...(columns !== undefined && { columns: columns.split(',').map((column) => column.trim()) }),
    ...(site !== undefined && { site }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  } as ExportBody;
  const progress = createProgress({ quiet: json });
  const startedAt = performance.now();
  const tables = await openTables(data);
  let bytes = 0;
  try {
    const write = async (into: Writable): Promise<number> => {
      const { rows, pieces } = await tables.exportRows(request);
      const counted = async function* () {
        for await (const piece of pieces) {
          bytes += piece.length;
          progress.update(() => `export: ${formatBytes(bytes)} of ${rows} rows`);
          yield piece;
        }
      };
      await pipeline(counted, into);
      return rows;
    };
    const rows = toOutput ? await write(process.stdout).catch(unlessClosed) : await writeNewFile(out, write);
    progress.end();
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    const file = toOutput ? null : out;
    const shown = json
      ? JSON.stringify({ table, format, file, rows, bytes, seconds })
      : `${rows} rows of ${table}, ${formatBytes(bytes)}, in ${seconds.toFixed(1)} s${toOutput ? '' : `: ${out}`}`;
    process[toOutput ? 'stderr' : 'stdout'].write(`${shown}\n`);
  } finally {
    await tables.close();
  }
}

function unlessClosed(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') throw new BackupError('failed', 'whatever reads the rows stopped before their end');
  throw error;
}
