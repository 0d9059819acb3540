import type { PolicyRules } from '@parcours/protocol';
import { policyHash } from '@parcours/protocol/policy';
import type { PublishedPolicy } from '../consent/policies.ts';

/** A policy that says this for every site, published long ago where nothing else is said. */
export function aPolicy(rules: PolicyRules, { published_at = '2020-01-01T00:00:00.000Z' } = {}): PublishedPolicy {
  const policy = { policy: 1, version: '1.0.0', rules } as const;
  return { policy, hash: policyHash(policy), published_at };
}
