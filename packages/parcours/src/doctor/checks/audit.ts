import { createPublicKey } from 'node:crypto';
import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AUDIT_FAULTS, auditWriters, verifyAudit } from '@parcours/store/audit';
import { signingKeyOf } from '@parcours/store/receipts';
import { lookAtSecrets } from '../../secrets.ts';
import { defineCheck } from '../check.ts';
import { count, formatMs } from '../numbers.ts';

/** Entries read of each writer, the newest, each of which is a file: a second's work. */
const MAX_ENTRIES = 1_000;

/** The audit log: whether its newest entries are as they were written, when the last was, and whether the next can be. */
export const audit = defineCheck({
  name: 'audit',
  about: `The newest ${MAX_ENTRIES.toLocaleString('en')} entries of each writer of the audit log: their checksums, signatures and order, when the last was written, and whether more can be.`,
  faults: {
    altered: {
      verdict: 'red',
      means:
        'What was told of keys, policies and the data of people is not as it was written: somebody changed it, or the disk did.',
      fix: 'find out what was changed (parcours audit verify --data {data}), and take it from a backup: parcours restore <file> --data <folder>',
    },
    not_writable: {
      verdict: 'red',
      means:
        'What is decided, exported or erased from now on leaves no trace: commands end with an error after they have done it, and what visitors ask for is done without an entry.',
      fix: 'let the user that runs parcours write to {folder} (chown -R)',
    },
  },
  async run({ folder, probes }, tell) {
    if (!(await stat(folder.audit).catch(() => undefined))) return { notChecked: 'there is no entry yet' };
    const closed = await closedOf([folder.audit]);
    const writers = closed ? [] : await auditWriters(folder.audit);
    const place = closed ?? (await closedOf(writers.map((writer) => join(folder.audit, writer))));
    if (place !== undefined) {
      const found = `${place} cannot be written to`;
      return { found, faults: [tell('not_writable', found, { values: { folder: place } })] };
    }
    const { signing } = await lookAtSecrets(folder.secrets);
    const key = createPublicKey(signingKeyOf(Buffer.from(signing, 'base64url')));
    const { records, chains, faults, faultCount } = await verifyAudit(folder.audit, [key], {
      newestSegments: MAX_ENTRIES,
    });
    const [first] = faults;
    if (first) {
      const name = `${first.writer}/${String(first.segment).padStart(15, '0')}`;
      const where = first.fault === 'cut' ? `${name}.cut` : `${name}.log at byte ${first.offset}`;
      const told = `${count(faultCount, 'fault')}, the first in ${where}: ${AUDIT_FAULTS[first.fault]}`;
      return { found: told, faults: [tell('altered', told, { values: { data: folder.root } })] };
    }
    const last = chains
      .flatMap((chain) => chain.last ?? [])
      .sort()
      .at(-1);
    if (last === undefined) return { notChecked: 'there is no entry yet' };
    const ago = formatMs(Math.max(0, probes.now() - Date.parse(last)));
    const all = `${count(records, 'entry', 'entries')} of ${count(chains.length, 'writer')} as they were written`;
    return { found: `${all}, the last ${ago} ago (${last})`, faults: [] };
  },
});

/** The first of these folders in which this user cannot make a file. */
async function closedOf(folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const isFolder = (await stat(folder)).isDirectory();
    if (
      !isFolder ||
      !(await access(folder, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return folder;
  }
  return undefined;
}
