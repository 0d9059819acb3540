import { isPurpose, LIMITS, PURPOSES, type SiteRules, type Withdrawn } from '@parcours/protocol';
import type { NewReceipt } from '@parcours/store/receipts';
import { utcTime } from '../enrich/clock.ts';
import type { Granted } from './batch_consent.ts';
import type { Policies } from './policies.ts';
import type { ReceiptIds } from './receipt_ids.ts';
import type { NewWithdrawal } from './withdrawals.ts';

/** What of a batch stands in its receipts. */
export interface ReceiptContext {
  readonly site: string;
  /** Version of the sender, scrubbed. */
  readonly sdk: string;
  readonly gpc: boolean;
  /** By the sender's clock, ms since the epoch. */
  readonly sentAt: number;
  /** Ms since the epoch. */
  readonly receivedAt: number;
}

/** Makes the receipts of choices that are told for the first time, and of those that are taken back. */
export interface ReceiptMaker {
  grant(granted: Granted, visitorId: string, context: ReceiptContext): NewReceipt;
  withdraw(withdrawn: Withdrawn, visitorId: string, context: ReceiptContext): Withdrawal | undefined;
}

/** A withdrawal with its proof. */
export interface Withdrawal extends NewWithdrawal {
  readonly receipt: NewReceipt;
}

/** As TC and GPP strings, hashes and hex are written: no spaces, no `@`, and no number alone. */
const ENCODED = /^(?=.*[A-Za-z])[\w.~:+/=-]+$/;

const DAY_MS = 86_400_000;

export function createReceiptMaker({
  ids,
  policies,
  sdkHash,
  scrub,
}: {
  readonly ids: ReceiptIds;
  readonly policies: Pick<Policies, 'rulesOf' | 'versionOf' | 'current'>;
  /** SHA-384 of the browser script of a version. */
  readonly sdkHash: (version: string) => string | undefined;
  readonly scrub: (text: string) => string;
}): ReceiptMaker {
  /** A scrubber may take a consent string or a hash for something else; whatever cannot be one is a text like any other. */
  const encoded = (text: string): string => (ENCODED.test(text) ? text : scrub(text));

  const common = ({ site, sdk, gpc, receivedAt }: ReceiptContext) => {
    const sdk_hash = sdkHash(sdk);
    const { country } = policies.rulesOf(site);
    return { site, sdk, ...(sdk_hash && { sdk_hash }), country, gpc, received_at: utcTime(receivedAt) };
  };

  return {
    grant({ stamp }, visitorId, context) {
      const claims = ids.claimsOf(stamp, ids.subjectOf(context.site, visitorId));
      const { subject, at, purposes, source, policy } = claims;
      const rules = policies.rulesOf(context.site);
      const version = policy === undefined ? undefined : policies.versionOf(policy);
      const { source_version, consent_string, notice_hash, language, denied = [] } = stamp;
      return {
        ...common(context),
        receipt_id: ids.idOf(claims),
        subject,
        action: 'grant',
        purposes: { granted: purposes, denied: denied.filter(isPurpose) },
        legal_basis: basisOf(purposes, rules),
        source,
        ...(source_version !== undefined && { source_version: scrub(source_version) }),
        ...(consent_string !== undefined && { consent_string: encoded(consent_string) }),
        ...(notice_hash !== undefined && { notice_hash: encoded(notice_hash) }),
        ...(policy !== undefined && { policy_hash: policy }),
        ...(version !== undefined && { policy_version: version }),
        ...(language !== undefined && { language: scrub(language) }),
        chosen_at: at,
        expires_at: utcTime(Date.parse(at) + rules.choice_days * DAY_MS),
      };
    },
    withdraw({ at, purposes }, visitorId, context) {
      const taken = purposes?.filter(isPurpose);
      if (taken?.length === 0) return undefined;
      // One clock dates both: a withdrawal of tomorrow would take back choices that are still to be made. Where that clock was
      // set back, the choice may lie ahead, as far as it may and be taken.
      const withdrawn_at = utcTime(Math.min(Date.parse(at), context.sentAt + LIMITS.futureMs));
      const subject = ids.subjectOf(context.site, visitorId);
      // All there are: the choice may have been made under a policy that named more than the one of now.
      const denied = taken ?? PURPOSES;
      const { hash, version } = policies.current();
      const claims = { subject, at: withdrawn_at, purposes: denied, source: WITHDRAWAL, policy: hash };
      const receipt: NewReceipt = {
        ...common(context),
        receipt_id: ids.idOf({ ...claims, action: 'withdraw' }),
        subject,
        action: 'withdraw',
        purposes: { granted: [], denied },
        source: WITHDRAWAL,
        policy_hash: hash,
        policy_version: version,
        chosen_at: withdrawn_at,
      };
      return { site: context.site, subject, ...(taken && { purposes: taken }), withdrawn_at, receipt };
    },
  };
}

/** What told of it: the visitor's page, whatever manager he used there. */
const WITHDRAWAL = 'withdrawal';

const basisOf = (purposes: readonly string[], rules: SiteRules): Record<string, string> =>
  Object.fromEntries(
    Object.entries(rules.purposes).flatMap(([purpose, rule]) =>
      rule && purposes.includes(purpose) ? [[purpose, rule.basis]] : [],
    ),
  );
