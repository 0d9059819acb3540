import type { Policy } from '@parcours/protocol';
import { type BySubject, type Fields, firstFault, firstOf, type Kind, textFault } from '../kind.ts';
import type { ControlRecord } from '../record.ts';

/**
 * A policy is in force from now on, and what it says under its version never changes: a stamp or receipt of years ago still
 * tells under which rules it was given. Nothing takes this back; another version goes over it.
 */
export interface PolicyPublished extends ControlRecord {
  readonly kind: 'policy_published';
  /** The policy's own, semantic. */
  readonly version: string;
  /** Of its content; what stamps name. */
  readonly hash: string;
  /** As it was written, checked before it was published; of a format that this program may not know. */
  readonly policy: Policy;
}

const HASH = /^[A-Za-z0-9_-]{22}$/;

const hashFault = ({ hash }: Fields): string | undefined =>
  HASH.test(String(hash)) ? undefined : 'hash must be 22 characters in base64url';

function policyFault({ version, policy }: Fields): string | undefined {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) return 'policy must be an object';
  const fields = policy as Fields;
  // A later one is a newer program's. Passed over, it would leave the one before it in force, which may allow what it forbids.
  if (!(Number.isSafeInteger(fields.policy) && Number(fields.policy) >= 1))
    return 'policy.policy must be a whole number';
  return fields.version === version ? undefined : 'policy.version must be the version';
}

/** Of the records of one version the first counts. */
export const policyPublished = {
  kind: 'policy_published',
  fault: (fields) => firstFault(textFault(fields, 'version'), hashFault(fields), policyFault(fields)),
  ...firstOf(({ version }: PolicyPublished) => version),
} satisfies Kind<'policy_published', PolicyPublished, BySubject<PolicyPublished>>;
