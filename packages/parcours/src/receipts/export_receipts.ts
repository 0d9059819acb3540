import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BUILT_IN_POLICIES } from '@parcours/protocol/policy';
import { readControl } from '@parcours/store/control';
import {
  type ChainCut,
  lastCut,
  publicKeyPem,
  publicKeyText,
  readReceiptLines,
  receiptWriters,
  recordHash,
  signingKeyOf,
} from '@parcours/store/receipts';
import { asBackupError, BackupError } from '../backup/backup_error.ts';
import type { DataFolder } from '../data_folder.ts';
import { readSecrets } from '../secrets.ts';
import { syncFolder } from '../whole_file.ts';
import { EXPORT_GUIDE } from './export_guide.ts';
import { VERIFY_SCRIPT } from './verify_script.ts';

export interface ExportedReceipts {
  readonly folder: string;
  readonly public_key: string;
  readonly receipts: number;
  /** Lines that hold no receipt: left out, and named by `receipts verify`. */
  readonly bad_lines: number;
  readonly policies: number;
  readonly writers: Readonly<Record<string, ExportedChain>>;
}

export interface ExportedChain {
  readonly file: string;
  readonly receipts: number;
  /** Hash of the last record. */
  readonly head: string;
  /** What age took from the beginning, as it is signed: the first record names its `head`. Absent where nothing went. */
  readonly cut?: ChainCut;
}

/**
 * Writes all that a third party needs to verify receipts without us into a new folder: whole, or not at all.
 *
 * @throws BackupError where the folder is there already or cannot be written
 */
export async function exportReceipts(
  data: DataFolder,
  { to, onProgress }: { readonly to: string; readonly onProgress: (receipts: number) => void },
): Promise<ExportedReceipts> {
  const target = resolve(to);
  const signingKey = signingKeyOf(Buffer.from((await readSecrets(data.secrets)).signing, 'base64url'));
  const part = `${target}.${process.pid}.part`;
  try {
    await claim(target);
    await mkdir(join(part, 'receipts'), { recursive: true, mode: 0o700 });
    const writers: Record<string, ExportedChain> = {};
    let receipts = 0;
    let bad = 0;
    for (const writer of await receiptWriters(data.receipts)) {
      const file = `receipts/${writer}.ndjson`;
      const from = join(data.receipts, writer);
      let chain: Awaited<ReturnType<typeof writeChain>>;
      // Anew where age took something meanwhile: the chain must go on from the cut that stands beside it.
      do chain = await writeChain(from, join(part, file), (count) => onProgress(receipts + count));
      while ((await lastCut(from))?.segment !== chain.cut?.segment);
      receipts += chain.receipts;
      bad += chain.bad;
      const { head, cut } = chain;
      if (head !== undefined) writers[writer] = { file, receipts: chain.receipts, head, ...(cut && { cut }) };
    }
    const policies = await policiesOf(data);
    const public_key = publicKeyText(signingKey);
    const heads = { made_at: new Date().toISOString(), public_key, writers };
    await write(part, 'heads.json', `${JSON.stringify(heads, null, 2)}\n`);
    await write(part, 'public_key.pem', publicKeyPem(signingKey));
    await write(part, 'policies.ndjson', policies.map((policy) => `${JSON.stringify(policy)}\n`).join(''));
    await write(part, 'README.md', EXPORT_GUIDE);
    await write(part, 'verify.mjs', VERIFY_SCRIPT);
    await rename(part, target);
    await syncFolder(dirname(target));
    return { folder: target, public_key, receipts, bad_lines: bad, policies: policies.length, writers };
  } catch (error) {
    throw asBackupError(error, to);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Refuses what is there: nothing of an earlier export is to be mixed with this one. */
async function claim(target: string): Promise<void> {
  const there = await open(target, 'r').then(
    async (handle) => {
      await handle.close();
      return true;
    },
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (there) throw new BackupError('exists', `${target} is there already; it is not overwritten`);
}

async function writeChain(
  folder: string,
  path: string,
  onProgress: (receipts: number) => void,
): Promise<{
  readonly receipts: number;
  readonly bad: number;
  readonly head: string | undefined;
  readonly cut: ChainCut | undefined;
}> {
  const cut = await lastCut(folder);
  let receipts = 0;
  let bad = 0;
  let last: object | undefined;
  await pipeline(
    async function* () {
      for await (const { receipt } of readReceiptLines(folder)) {
        if (receipt === undefined) {
          bad += 1;
          continue;
        }
        receipts += 1;
        last = receipt;
        onProgress(receipts);
        yield `${JSON.stringify(receipt)}\n`;
      }
    },
    createWriteStream(path, { mode: 0o600, flush: true }),
  );
  return { receipts, bad, head: last && recordHash(last), cut };
}

/** The built-in policies, of which one is in force until one is published, and every published one. */
async function policiesOf({ control }: DataFolder): Promise<readonly object[]> {
  const { policy_published } = await readControl(control);
  const published = [...policy_published.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
  return [
    ...BUILT_IN_POLICIES.map(({ hash, policy }) => ({ version: policy.version, hash, policy })),
    ...published.map(({ version, hash, at, policy }) => ({ version, hash, published_at: at, policy })),
  ];
}

const write = (folder: string, name: string, text: string): Promise<void> =>
  writeFile(join(folder, name), text, { mode: 0o600, flush: true });
