import { createPublicKey } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { RECEIPT_FAULTS, receiptWriters, signingKeyOf, verifyReceipts } from '@parcours/store/receipts';
import { lookAtSecrets } from '../../secrets.ts';
import { defineCheck } from '../check.ts';
import { count } from '../numbers.ts';

/** The receipts of consent: whether the newest of each writer are as they were written, and the next can be. */
export const receipts = defineCheck({
  name: 'receipts',
  about:
    'The newest receipts of consent of each collector: their checksums, signatures and order, and whether more can be written.',
  faults: {
    altered: {
      verdict: 'red',
      means: 'The proof of consents is not as it was written: somebody changed it, or the disk did.',
      fix: 'find out what was changed (parcours receipts verify --data {data}), and restore it from a backup: parcours restore <file> --data <folder>',
    },
    not_writable: {
      verdict: 'red',
      means: 'No choice can be proven from now on, so none is taken: batches that tell of one are answered with 503.',
      fix: 'let the user that runs parcours write to {folder} (chown -R)',
    },
  },
  async run({ folder }, tell) {
    const writers = await receiptWriters(folder.receipts);
    if (writers.length === 0) return { notChecked: 'there is no receipt yet' };
    for (const writer of writers) {
      const place = join(folder.receipts, writer);
      const isWritable = await access(place, constants.W_OK).then(
        () => true,
        () => false,
      );
      if (!isWritable) {
        const found = `${place} cannot be written to`;
        return { found, faults: [tell('not_writable', found, { values: { folder: place } })] };
      }
    }
    const { signing } = await lookAtSecrets(folder.secrets);
    const key = createPublicKey(signingKeyOf(Buffer.from(signing, 'base64url')));
    const { receipts: all, faults, faultCount } = await verifyReceipts(folder.receipts, [key], { newestSegments: 1 });
    const found = `${count(all, 'receipt')}, the newest of ${count(writers.length, 'chain')}, as they were written`;
    const [first] = faults;
    if (!first) return { found, faults: [] };
    const place = `${first.writer}/${String(first.segment).padStart(15, '0')}.log at byte ${first.offset}`;
    const told = `${count(faultCount, 'fault')}, the first in ${place}: ${RECEIPT_FAULTS[first.fault]}`;
    return { found: told, faults: [tell('altered', told, { values: { data: folder.root } })] };
  },
});
