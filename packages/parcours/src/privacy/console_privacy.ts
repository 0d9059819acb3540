import type { PrivacySources } from '@parcours/journeys';
import { resolveRules } from '@parcours/protocol/policy';
import { readAudit } from '@parcours/store/audit';
import type { ControlState } from '@parcours/store/control';
import { type Receipt, readReceipts } from '@parcours/store/receipts';
import type { DataFolder } from '../data_folder.ts';
import { policyNow } from '../policy/published.ts';
import { createNewest } from '../receipts/newest.ts';
import { isOfVisitor } from '../receipts/visitor_filter.ts';
import { keptFor } from '../retention/kept_for.ts';
import { readRetentionFile } from '../retention/retention_file.ts';
import type { Secrets } from '../secrets.ts';
import { choiceFigures } from './choice_figures.ts';

export interface ConsolePrivacyOptions {
  readonly folder: DataFolder;
  readonly secrets: Pick<Secrets, 'receipts'>;
  /** What is decided, at the moment of asking. */
  readonly control: () => ControlState;
}

/** What the console's privacy page asks of the data folder. Receipts and audit are read as they lie: a few MB at a time. */
export function consolePrivacy({ folder, secrets, control }: ConsolePrivacyOptions): PrivacySources {
  const key = Buffer.from(secrets.receipts, 'base64url');
  return {
    policy: () => policyNow(control()),
    choices: (since) => choiceFigures(readReceipts(folder.receipts, { since })),
    async receipts(by, value, limit) {
      const isTheirs = by === 'visitor' ? isOfVisitor(key, value) : () => true;
      const newest = createNewest<Receipt>(limit, ({ received_at }) => Date.parse(received_at));
      let all = 0;
      for await (const { receipt } of readReceipts(folder.receipts, by === 'receipt' ? { receiptId: value } : {})) {
        if (!isTheirs(receipt)) continue;
        all += 1;
        newest.add(receipt);
      }
      return { found: newest.all().map(shown), all };
    },
    keptFor: (site) => keptFor(resolveRules(policyNow(control()).policy, site)),
    async retention() {
      const { last_run } = await readRetentionFile(folder.retention);
      return last_run;
    },
    async actions(limit) {
      const newest = createNewest<Awaited<ReturnType<PrivacySources['actions']>>[number]>(limit, ({ at }) =>
        Date.parse(at),
      );
      for await (const { at, action, by, outcome, counts = {}, about } of readAudit(folder.audit)) {
        const goneBy = about && 'log_gone_by' in about ? about.log_gone_by : undefined;
        newest.add({ at, action, by, outcome, counts, ...(typeof goneBy === 'string' && { logGoneBy: goneBy }) });
      }
      return newest.all();
    },
  };
}

const shown = ({ receipt_id, site, action, purposes, source, policy_version, received_at, expires_at }: Receipt) => ({
  receipt_id,
  site,
  action,
  purposes: action === 'grant' ? purposes.granted : purposes.denied,
  source,
  received_at,
  ...(policy_version !== undefined && { policy: policy_version }),
  ...(expires_at !== undefined && { expires_at }),
});
