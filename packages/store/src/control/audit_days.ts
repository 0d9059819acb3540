import type { SiteRules } from '@parcours/protocol';
import { longestDays, type PolicyState } from './longest_days.ts';

/**
 * Days that an entry of the audit log stays where no policy says: six years. That is how long what is done against the rules of
 * personal data can be prosecuted in France (Code pénal art. 226-16 to 226-24, délits; Code de procédure pénale art. 8), and longer
 * than a person can sue for it (five years, Code civil art. 2224): until then a shop may have to show what it did (GDPR art. 5(2)).
 */
export const AUDIT_DAYS = 2192;

/**
 * Days that entries of the audit log stay, of all sites the longest, since the log is of all: `audit_days` of the policy, and never
 * less than the events of which they tell.
 */
export const auditDays = (state: PolicyState): number =>
  longestDays(state, ({ retention: { audit_days = AUDIT_DAYS, events_days } }: SiteRules) =>
    Math.max(audit_days, events_days + 1),
  );
