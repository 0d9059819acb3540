import { DEFAULT_RULES, type Policy, type PolicyRules, type SiteRules } from '@parcours/protocol';

/** Over the built-in rules: one field of the shop's own for which another purpose is asked than for its event. */
const OWN = {
  fields: { ...DEFAULT_RULES.fields, 'props.taste': ['personalisation'] },
} as const satisfies PolicyRules;

/** The rules by which every life is lived. */
export const RULES: SiteRules = { ...DEFAULT_RULES, ...OWN };

/** The same as a shop publishes them. */
export const POLICY: Policy = { policy: 1, version: '1.0.0', rules: OWN };
