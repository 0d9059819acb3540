import { join, resolve } from 'node:path';
import { chainWriters } from '../chain/read.ts';
import { type Shortened, type ShortenOptions, shortenChain } from '../chain/shorten.ts';
import { signingKeyOf } from '../receipts/keys.ts';
import { AUDIT, type AuditEntry } from './entry.ts';

export interface RemoveOldAuditOptions extends Omit<ShortenOptions<AuditEntry>, 'folder' | 'signingKey' | 'keptUntil'> {
  /** The folder of all writers, such as `data/audit`. They may append meanwhile. */
  readonly folder: string;
  /** Ed25519 seed, 32 bytes: `signing` of `secrets.json`. */
  readonly signingKey: Uint8Array;
  /** Entries written until then go, ms since the epoch; the newest of each writer stays. */
  readonly before: number;
}

/** What went of the audit log, or would go. */
export interface RemovedAudit extends Omit<Shortened, 'isFaulty'> {
  /** Writers whose entries stay because something is wrong with one that is due. */
  readonly faulty: readonly string[];
}

/**
 * Takes away the entries of all writers that are old, as `shortenChain` does: first a signed cut, then the files.
 *
 * @throws the file system's errors
 */
export async function removeOldAudit({ before, ...options }: RemoveOldAuditOptions): Promise<RemovedAudit> {
  const root = resolve(options.folder);
  const signingKey = signingKeyOf(options.signingKey);
  let removed = 0;
  let oldest: string | undefined;
  const faulty: string[] = [];
  for (const writer of await chainWriters(root)) {
    const taken = await shortenChain(AUDIT, {
      ...{ ...options, folder: join(root, writer), signingKey },
      keptUntil: ({ at }) => (Date.parse(at) <= before ? 0 : Number.POSITIVE_INFINITY),
    });
    removed += taken.removed;
    if (taken.oldest !== undefined && (oldest === undefined || taken.oldest < oldest)) oldest = taken.oldest;
    if (taken.isFaulty) faulty.push(writer);
  }
  return { removed, faulty, ...(oldest !== undefined && { oldest }) };
}
