import { DEFAULT_RULES } from '../consent/default_rules.ts';
import type { Policy } from '../consent/policy.ts';
import { EARLIER_BUILT_IN } from './earlier_built_in.ts';
import { policyHash } from './hash.ts';

const { country, ...rules } = DEFAULT_RULES;

/**
 * What is in force where nothing was published. It states every rule, so that its hash changes where one of them does, and a
 * stamp proves under which it was given.
 */
export const DEFAULT_POLICY: Policy = { policy: 1, version: '0.0.0', country, rules };

export const DEFAULT_POLICY_HASH: string = policyHash(DEFAULT_POLICY);

/** A built-in policy under its hash. */
export interface BuiltInPolicy {
  readonly policy: Policy;
  readonly hash: string;
}

/** Every policy that was ever built in, the one of this version last. */
export const BUILT_IN_POLICIES: readonly BuiltInPolicy[] = [...EARLIER_BUILT_IN, DEFAULT_POLICY].map((policy) => ({
  policy,
  hash: policyHash(policy),
}));
