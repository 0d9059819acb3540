import { DEFAULT_RULES, type Policy, type SiteRules } from '@parcours/protocol';
import { maximumOf, resolveRules } from '@parcours/protocol/policy';
import type { ControlState } from './kinds/index.ts';
import { policyInForce } from './policies.ts';

/** What control records tell of policies. */
export type PolicyState = Pick<ControlState, 'policy_published'>;

/**
 * A number of days of what is of all sites together: of all sites the longest under the policy in force. Where that tells
 * something that is no number, it is of a newer program: then the longest that any may say.
 */
export function longestDays(state: PolicyState, daysOf: (rules: SiteRules) => number): number {
  const policy = policyInForce(state)?.policy;
  const all = policy ? sitesIn(policy).map(({ of, site }) => resolveRules(of, site)) : [DEFAULT_RULES];
  const { maximum } = maximumOf('tombstones_days', DEFAULT_RULES.country);
  return Math.max(...all.map(daysOf).map((days) => (Number.isFinite(days) ? days : maximum)));
}

/** No site that a policy names: its own rules are those for all. */
const NO_SITE = '';

/** Every site that a policy names, one of each country that it names, and one that it does not name. */
function sitesIn(policy: Policy): readonly { readonly of: Policy; readonly site: string }[] {
  const countries = Object.keys(policy.countries ?? {}).map((country) => ({
    of: { ...policy, country },
    site: NO_SITE,
  }));
  const sites = Object.keys(policy.sites ?? {}).map((site) => ({ of: policy, site }));
  return [{ of: policy, site: NO_SITE }, ...countries, ...sites];
}
