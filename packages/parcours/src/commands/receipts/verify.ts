import { resolve } from 'node:path';
import { RECEIPT_FAULTS, receiptWriters, type Verified, verifyReceipts } from '@parcours/store/receipts';
import { Command } from 'commander';
import { chainLine, faultLines, sumLine } from '../../chains/verified_text.ts';
import { dataFolder } from '../../data_folder.ts';
import { failWith } from '../../fail_with.ts';
import { createProgress } from '../../progress.ts';
import { readHeads, verifyingKeys } from '../../receipts/signing_keys.ts';

interface Flags {
  heads?: string;
  key: string[];
  data: string;
  json?: boolean;
}

export const receiptsVerifyCommand = (): Command =>
  new Command('verify')
    .description('Read every receipt and name each that was altered, removed, moved or added since it was written.')
    .option('--heads <file>', 'heads.json of an export or a backup of before: what was cut off behind it is found too')
    .option('--key <public key>', 'a public key of before, where the secrets are others now; may be repeated', more, [])
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option('--json', 'print { receipts, chains, faults, faultCount } as JSON')
    .addHelpText(
      'after',
      `
Each record is checked for its checksum, its signature, and that it names the record before it. What retention took from the
beginning is told by a signed record of its own, from which the chain goes on; what went otherwise is named as missing. A chain whose
end was cut off looks whole from inside: keep heads.json of an export elsewhere, and verify against it.

Examples:
  parcours receipts verify
  parcours receipts verify --heads /mnt/officer/2026-11/heads.json --json

Exit codes: 0 all as it was written; 1 something is not, or it cannot be told.`,
    )
    .action((flags: Flags) => verify(flags).catch((error) => failWith(error, flags)));

function more(key: string, keys: string[]): string[] {
  return [...keys, key];
}

async function verify({ heads, key, data, json = false }: Flags): Promise<void> {
  const folder = dataFolder(resolve(data));
  const keys = await verifyingKeys(folder.secrets, key, { json });
  const known = heads === undefined ? {} : await readHeads(heads, { json, from: 'heads.json of an export' });
  const progress = createProgress({ quiet: json });
  const verified = await verifyReceipts(folder.receipts, keys, {
    heads: known,
    onProgress: (receipts) => progress.update(() => `receipts: ${receipts} verified`),
  });
  progress.end();
  process.stdout.write(
    json ? `${JSON.stringify(verified)}\n` : textOf(verified, await receiptWriters(folder.receipts)),
  );
  if (verified.faultCount > 0) process.exitCode = 1;
}

function textOf({ receipts, chains, faults, faultCount }: Verified, writers: readonly string[]): string {
  if (writers.length === 0 && faultCount === 0) return 'There is no receipt yet.\n';
  const lines = chains.map(({ unacknowledged, ...chain }) => {
    const lost = unacknowledged > 0 ? `, ${unacknowledged} of them never acknowledged (the disk failed)` : '';
    return chainLine({ ...chain, count: chain.receipts }, { things: 'receipts', besides: lost });
  });
  const told = faultLines(
    faults.map((fault) => ({ ...fault, id: fault.receipt_id })),
    { thing: 'receipt', meanings: RECEIPT_FAULTS, count: faultCount },
  );
  return `${[...lines, ...told, sumLine(receipts, faultCount, 'receipts')].join('\n')}\n`;
}
