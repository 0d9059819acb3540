import { join } from 'node:path';
import type { Policy } from '@parcours/protocol';
import { resolveRules } from '@parcours/protocol/policy';
import { receiptWriters, removeOldReceipts } from '@parcours/store/receipts';
import { receiptDays, receiptKeptUntil } from './kept_for.ts';
import type { HeldFiles } from './retention_file.ts';

const DAY_MS = 86_400_000;

export interface OldReceiptsOptions {
  /** The folder of all writers. */
  readonly receipts: string;
  readonly policy: Policy;
  readonly signingKey: Uint8Array;
  /** Ms since the epoch. */
  readonly now: number;
  readonly dryRun: boolean;
}

/**
 * Takes away the receipts of all writers that have had their time under the policy, by their site's rules. By the UTC day, so that
 * a proof never goes early and a second run of a day finds nothing.
 */
export async function takeOldReceipts({
  receipts,
  policy,
  signingKey,
  now,
  dryRun,
}: OldReceiptsOptions): Promise<HeldFiles> {
  const bySite = new Map<string, ReturnType<typeof resolveRules>>();
  const rulesOf = (site: string) => {
    const rules = bySite.get(site) ?? resolveRules(policy, site);
    bySite.set(site, rules);
    return rules;
  };
  let removed = 0;
  let oldest: string | undefined;
  const faulty: string[] = [];
  for (const writer of await receiptWriters(receipts)) {
    const taken = await removeOldReceipts({
      ...{ folder: join(receipts, writer), signingKey, dryRun },
      now: now - (now % DAY_MS),
      keptUntil: (receipt) => receiptKeptUntil(receipt, rulesOf(receipt.site)),
    });
    removed += taken.removed;
    if (taken.oldest !== undefined && (oldest === undefined || taken.oldest < oldest)) oldest = taken.oldest;
    if (taken.isFaulty) faulty.push(writer);
  }
  return {
    class: 'receipts',
    days: receiptDays(rulesOf('')),
    removed,
    ...(oldest !== undefined && { oldest }),
    ...(faulty.length > 0 && { faulty }),
  };
}
