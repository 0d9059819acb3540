import type { Policy, PolicyRules, Retention, SiteRules } from '../../consent/policy.ts';
import { type Layers, layersOf, rulesOf } from '../resolve_rules.ts';
import type { Term } from '../terms.ts';

/** A step of a path: a key, or a place in a list. */
export type Step = string | number;

/** What breaks a rule, by where it lies in the rules of a site: `['events', 'identify']`. */
export interface Breach extends Term {
  readonly at: readonly [RuleName, ...Step[]];
  readonly value: unknown;
}

export type RuleName = keyof PolicyRules;

/** One kind of thing that the law has a word on: everything in a site's effective rules that breaks it. */
export type Law = (rules: SiteRules) => readonly Breach[];

/** A breach with its place in the policy. */
export interface PlacedBreach extends Term {
  readonly steps: readonly Step[];
  readonly value: unknown;
}

/**
 * Everything that a policy's effective rules break: those for all, those of each country and those of each site, since what
 * is allowed depends on the country, and a rule may be broken by what another layer left out. Each is told once, where the
 * value was given.
 */
export function breachesOf(policy: Policy, laws: readonly Law[]): readonly PlacedBreach[] {
  const found = new Map<string, PlacedBreach>();
  for (const layers of allLayers(policy)) {
    const rules = rulesOf(layers);
    for (const { at, value, rule, source } of laws.flatMap((law) => law(rules))) {
      const steps = [...givenBy(layers, at), ...at];
      found.set(JSON.stringify([steps, rule]), { steps, value, rule, source });
    }
  }
  return [...found.values()];
}

const allLayers = (policy: Policy): readonly Layers[] => [
  layersOf(policy, {}),
  ...Object.keys(policy.countries ?? {}).map((country) => layersOf(policy, { country })),
  ...Object.keys(policy.sites ?? {}).map((site) => layersOf(policy, { site })),
];

/** The layer whose word on a rule is the last; the innermost where none has one. */
function givenBy({ layers }: Layers, [rule, inner]: Breach['at']): readonly string[] {
  const gives = layers.findLast(({ rules }) =>
    rule === 'retention' ? rules.retention?.[inner as keyof Retention] !== undefined : rules[rule] !== undefined,
  );
  return (gives ?? layers.at(-1))?.path ?? [];
}
