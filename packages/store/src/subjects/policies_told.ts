import type { Policy, Recipient } from '@parcours/protocol';
import { BUILT_IN_POLICIES, resolveRules } from '@parcours/protocol/policy';
import type { ControlState } from '../control/kinds/index.ts';
import { policiesOf } from '../control/policies.ts';

/** A policy as an export tells it. One that is built in was never published. */
export interface ToldPolicy {
  readonly version: string;
  readonly hash: string;
  /** RFC 3339. */
  readonly published_at?: string;
  readonly policy: Policy;
}

/** Those of some hashes, and the one in force: the built-in ones first, then in the order in which they were published. */
export function namedPolicies(state: ControlState, hashes: ReadonlySet<string>): readonly ToldPolicy[] {
  const all: readonly ToldPolicy[] = [
    ...BUILT_IN_POLICIES.map(({ policy, hash }) => ({ version: policy.version, hash, policy })),
    ...policiesOf(state).map(({ version, hash, at, policy }) => ({ version, hash, published_at: at, policy })),
  ];
  return all.filter((each, index) => hashes.has(each.hash) || index === all.length - 1);
}

/** Who is given data of a site, and by which policies. */
export interface ToldRecipient extends Recipient {
  readonly site: string;
  /** Hashes of the policies that say so: with another set of purposes it stands here once more. */
  readonly policies: readonly string[];
}

/** The recipients that policies name for sites, each once with all policies that say the same of it. */
export function recipientsOf(policies: readonly ToldPolicy[], sites: readonly string[]): readonly ToldRecipient[] {
  const told = new Map<string, ToldRecipient>();
  for (const site of sites) {
    for (const { policy, hash } of policies) {
      for (const recipient of named(policy, site)) {
        const key = JSON.stringify([site, recipient]);
        told.set(key, { site, ...recipient, policies: [...(told.get(key)?.policies ?? []), hash] });
      }
    }
  }
  return [...told.values()];
}

/** A policy of a newer program may say something else under this name: then the policy beside it tells. */
function named(policy: Policy, site: string): readonly Recipient[] {
  const given: unknown = resolveRules(policy, site).recipients;
  return Array.isArray(given) ? given.filter((each) => typeof each?.name === 'string') : [];
}
