import { type AuditEntry, appendAudit, type NewAudit } from '@parcours/store/audit';
import type { DataFolder } from '../data_folder.ts';
import type { Secrets } from '../secrets.ts';

/**
 * Appends an entry to the audit log of a data folder, from any process, and resolves once it is on disk.
 *
 * @param writer `cli` or `reader`: the folder under `data/audit`
 * @throws where it cannot be written: what was done then stands without an entry, and whoever asked for it must be told
 */
export const writeAudit = (
  { audit }: Pick<DataFolder, 'audit'>,
  { signing }: Pick<Secrets, 'signing'>,
  { writer, entry }: { readonly writer: 'cli' | 'reader'; readonly entry: NewAudit },
): Promise<AuditEntry> => appendAudit({ folder: audit, writer, signingKey: Buffer.from(signing, 'base64url'), entry });
