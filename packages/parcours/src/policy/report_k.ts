import { DEFAULT_RULES } from '@parcours/protocol';
import { resolveRules } from '@parcours/protocol/policy';
import { type ControlState, policyInForce } from '@parcours/store/control';
import { readablePolicy } from './follow_policies.ts';

/**
 * People of the smallest group that reports tell of a site by the policy in force. Of all sites together the strictest of
 * theirs; under a policy that cannot be read, the built-in number.
 *
 * @param sites ids of those in force
 */
export function reportKOf(state: ControlState, site: string | undefined, sites: readonly string[]): number {
  const published = policyInForce(state);
  if (!published) return DEFAULT_RULES.report_k;
  const { policy } = readablePolicy(published);
  return Math.max(...(site === undefined ? ['', ...sites] : [site]).map((id) => resolveRules(policy, id).report_k));
}
