import { DEFAULT_RULES } from '../consent/default_rules.ts';
import type { Policy, PolicyRules, SiteRules } from '../consent/policy.ts';

/** The rules of a policy that meet in one site, in the order in which they are laid over one another. */
export interface Layers {
  readonly country: string;
  readonly layers: readonly { readonly path: readonly string[]; readonly rules: PolicyRules }[];
}

/**
 * What a policy says for one site: the built-in rules, over them those for all, those of the site's country and the site's
 * own. A rule that is given takes the place of the one before it whole; of `retention` each number by itself.
 *
 * @param site one that the policy does not name has the rules of its country
 */
export function resolveRules(policy: Policy, site: string): SiteRules {
  return rulesOf(layersOf(policy, { site }));
}

/** The layers of a site, or, without one, of a country. */
export function layersOf(
  policy: Policy,
  { site, country: given }: { readonly site?: string; readonly country?: string },
): Layers {
  const { country: ofSite, ...own } = (site !== undefined && ownValue(policy.sites, site)) || {};
  const country = given ?? ofSite ?? policy.country ?? DEFAULT_RULES.country;
  const ofCountry = ownValue(policy.countries, country);
  return {
    country,
    layers: [
      { path: ['rules'], rules: policy.rules ?? {} },
      { path: ['countries', country], rules: ofCountry ?? {} },
      ...(site === undefined ? [] : [{ path: ['sites', site], rules: own }]),
    ],
  };
}

export function rulesOf({ country, layers }: Layers): SiteRules {
  const laid: Writable<SiteRules> = { ...DEFAULT_RULES, country };
  for (const { rules } of layers) Object.assign(laid, over(laid, rules));
  return laid;
}

/** What a preset sets where its layer says nothing else: the exempt purpose beside those that are asked for. */
const presetOver = ({ purposes }: SiteRules): Partial<SiteRules> => ({
  purposes: { ...purposes, audience_exempt: { basis: 'exempt' } },
  before_choice: 'exempt',
});

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function over(below: SiteRules, { retention, ...rules }: PolicyRules): Partial<SiteRules> {
  const given = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
  return {
    ...(rules.preset && presetOver(below)),
    ...given,
    ...(retention && { retention: { ...below.retention, ...retention } as SiteRules['retention'] }),
  };
}

/** A site may be called like what every object has. */
const ownValue = <T>(of: { readonly [name: string]: T } | undefined, name: string): T | undefined =>
  of && Object.hasOwn(of, name) ? of[name] : undefined;
