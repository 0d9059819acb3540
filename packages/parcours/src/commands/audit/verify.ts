import { resolve } from 'node:path';
import { AUDIT_FAULTS, type VerifiedChains, verifyAudit } from '@parcours/store/audit';
import { Command } from 'commander';
import { chainLine, faultLines, sumLine } from '../../chains/verified_text.ts';
import { dataFolder } from '../../data_folder.ts';
import { failWith } from '../../fail_with.ts';
import { readHeads, verifyingKeys } from '../../receipts/signing_keys.ts';

interface Flags {
  heads?: string;
  key: string[];
  data: string;
  json?: boolean;
}

export const auditVerifyCommand = (): Command =>
  new Command('verify')
    .description('Read the whole audit log and name each entry that was altered, removed, moved or added.')
    .option('--heads <file>', 'the JSON answer of an earlier verify: what was cut off at the end since is found too')
    .option('--key <public key>', 'a public key of before, where the secrets are others now; may be repeated', more, [])
    .option('--data <folder>', 'data folder, whether the program runs on it or not', process.env.DATA || './data')
    .option(
      '--json',
      'print { entries, writers: { <name>: { entries, first, last, head, cut } }, faults, faultCount } as JSON',
    )
    .addHelpText(
      'after',
      `
Each entry is checked for its checksum, its signature, and that it names the entry before it. What
retention took from the beginning is told by a signed record of its own, from which the log goes on. A log whose end was cut off looks
whole from inside: keep the JSON answer where nobody who runs the machine can write, and verify against it.

Examples:
  parcours audit verify --json > /mnt/officer/audit-2026-11.json
  parcours audit verify --heads /mnt/officer/audit-2026-11.json

Exit codes: 0 all as it was written; 1 something is not, or it cannot be told.`,
    )
    .action((flags: Flags) => verify(flags).catch((error) => failWith(error, flags)));

function more(key: string, keys: string[]): string[] {
  return [...keys, key];
}

async function verify({ heads, key, data, json = false }: Flags): Promise<void> {
  const folder = dataFolder(resolve(data));
  const keys = await verifyingKeys(folder.secrets, key, { json });
  const known = heads === undefined ? {} : await readHeads(heads, { json, from: 'JSON answer of audit verify' });
  const verified = await verifyAudit(folder.audit, keys, { heads: known });
  process.stdout.write(json ? `${JSON.stringify(answerOf(verified))}\n` : textOf(verified));
  if (verified.faultCount > 0) process.exitCode = 1;
}

function answerOf({ records, chains, faults, faultCount }: VerifiedChains): object {
  const writers = Object.fromEntries(
    chains.map(({ writer, records: entries, first, last, head, cut }) => [writer, { entries, first, last, head, cut }]),
  );
  return { entries: records, writers, faults, faultCount };
}

function textOf({ records, chains, faults, faultCount }: VerifiedChains): string {
  if (chains.length === 0) return 'There is no entry yet.\n';
  const lines = chains.map((chain) => chainLine({ ...chain, count: chain.records }, { things: 'entries' }));
  const told = faultLines(faults, { thing: 'entry', meanings: AUDIT_FAULTS, count: faultCount });
  return `${[...lines, ...told, sumLine(records, faultCount, 'entries')].join('\n')}\n`;
}
