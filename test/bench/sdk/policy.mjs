import {
  browserPolicy,
  DEFAULT_POLICY,
  DEFAULT_POLICY_HASH,
  resolveRules,
} from '../../../packages/protocol/dist/policy.js';

/** What the collector serves to the pages of a site while no other policy is published. */
export const POLICY = browserPolicy(resolveRules(DEFAULT_POLICY, 'shop'), DEFAULT_POLICY_HASH);
