import type { Policy } from '@parcours/protocol';
import { resolveRules } from '@parcours/protocol/policy';
import { flatRules, ruleText } from './flat_rules.ts';

/** One rule of one site that is another. */
export interface RuleChange {
  /** Absent: every site that neither policy names. */
  readonly site?: string;
  readonly rule: string;
  /** Absent where there was none. */
  readonly before?: unknown;
  /** Absent where there is none any more. */
  readonly after?: unknown;
}

/** A name that no site can have: it stands for all that are not named. */
const OTHERS = '';

/** What changes from one policy to another, by what is in force for each site; how it is written does not matter. */
export function policyDiff(before: Policy, after: Policy): readonly RuleChange[] {
  const named = new Set([before, after].flatMap(({ sites }) => Object.keys(sites ?? {})));
  return [...[...named].sort(), OTHERS].flatMap((site) => {
    const [was, is] = [before, after].map((policy) => flatRules(resolveRules(policy, site)));
    const rules = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
    return rules
      .map((rule) => ({ rule, before: was?.get(rule), after: is?.get(rule) }))
      .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
      .map((change) => ({ ...(site !== OTHERS && { site }), ...withoutAbsent(change) }));
  });
}

function withoutAbsent({ rule, before, after }: Required<Omit<RuleChange, 'site'>>): RuleChange {
  return { rule, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

/** Changes as lines, those that sites share told once: `choice_days: 182 -> 90 (shop-fr, every other site)`. */
export function diffLines(changes: readonly RuleChange[]): readonly string[] {
  const sites = new Map<string, string[]>();
  for (const { site = 'every other site', rule, before, after } of changes) {
    const line = `${rule}: ${ruleText(before)} -> ${ruleText(after)}`;
    sites.set(line, [...(sites.get(line) ?? []), site]);
  }
  return [...sites].map(([line, names]) => `${line}   (${names.join(', ')})`);
}
