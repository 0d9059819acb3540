import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { CHAIN_FAULTS, type ChainFaultCode } from '../chain/check.ts';
import { lastCut } from '../chain/cut.ts';
import { chainWriters, readChainLines } from '../chain/read.ts';
import { type VerifiedChains, type VerifyOptions, verifyChains } from '../chain/verify.ts';
import { AUDIT, type AuditEntry } from './entry.ts';

/** Every fault of the audit log with its words. */
export const AUDIT_FAULTS: Readonly<Record<ChainFaultCode, string>> = CHAIN_FAULTS;

/**
 * Every entry of a folder such as `data/audit`, writer by writer, each in its order; none that age took, whether its file still is
 * there or not. Lines that hold none are passed over: `verifyAudit` names them.
 */
export async function* readAudit(folder: string): AsyncGenerator<AuditEntry> {
  for (const writer of await chainWriters(folder)) {
    const place = join(folder, writer);
    const from = ((await lastCut(place))?.segment ?? -1) + 1;
    for await (const { record } of readChainLines(AUDIT, place, { from })) if (record) yield record;
  }
}

/**
 * Reads every entry of a folder, such as `data/audit`, and checks each, as `verifyReceipts` does: whatever was altered,
 * removed, added or moved is told with its place; entries cut off at the end are told where a head is given.
 */
export const verifyAudit = (
  folder: string,
  publicKeys: readonly KeyObject[],
  options: VerifyOptions = {},
): Promise<VerifiedChains> => verifyChains(AUDIT, folder, publicKeys, options);
