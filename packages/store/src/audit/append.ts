import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { sealRecord } from '../chain/seal.ts';
import { noteTail, readChainTail } from '../chain/tail.ts';
import { diskFiles } from '../log/disk.ts';
import type { LogFiles } from '../log/files.ts';
import { ensureFolder } from '../log/folder.ts';
import { publishSegment } from '../log/publish.ts';
import { signingKeyOf } from '../receipts/keys.ts';
import { AUDIT, type AuditEntry, type NewAudit, newAuditFault } from './entry.ts';

export interface AppendAuditOptions {
  /** The folder of all writers, such as `data/audit`. Made if absent. */
  readonly folder: string;
  /** The writer's own folder in it, such as `cli`. Several processes may write to one at a time. */
  readonly writer: string;
  /** Ed25519 seed, 32 bytes: `signing` of `secrets.json`. */
  readonly signingKey: Uint8Array;
  readonly entry: NewAudit;
  /** Default: the disk. */
  readonly files?: LogFiles;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** A UUID at each call. */
  readonly newId?: () => string;
}

/**
 * Appends one entry to the audit log, signed and naming the one before it, and resolves once it is on disk.
 *
 * Each entry is a segment of its own, as a command's control records are: of two that write at a time one gets the number,
 * and the other goes on from it. It takes as long with a million entries as with ten.
 *
 * @throws TypeError for what is no entry or says what it may not; the file system's errors
 */
export async function appendAudit(options: AppendAuditOptions): Promise<AuditEntry> {
  const { writer, entry, files = diskFiles, now = Date.now, newId = randomUUID } = options;
  const fault = newAuditFault(entry);
  if (fault !== undefined) throw new TypeError(`[audit] ${fault}`);
  const signingKey = signingKeyOf(options.signingKey);
  const folder = join(resolve(options.folder), writer);
  await ensureFolder(files, folder);
  const entry_id = newId();
  for (;;) {
    const { segment, head, seq } = await readChainTail(AUDIT, { folder, files });
    const whole = { v: 1, kind: 'audit', entry_id, at: new Date(now()).toISOString(), ...entry } as const;
    const { record, json } = sealRecord(whole, { seq: seq + 1, previous: head }, signingKey);
    const number = segment + 1;
    if (await publishSegment(files, { folder, number, texts: [json], name: newId() })) {
      await noteTail({ folder, files }, number);
      return record;
    }
  }
}
