import { DEFAULT_RULES, type Policy, type SiteRules } from '@parcours/protocol';
import { layersOf, nearest, resolveRules } from '@parcours/protocol/policy';
import { RECORDS } from '@parcours/protocol/schema';

/** What a policy may say, and who wrote it may not have meant. */
export interface PolicyWarning {
  /** The site whose rules it is about; absent: the policy, or every site that it does not name. */
  readonly site?: string;
  /** The rule, or the part of the policy. */
  readonly at: string;
  readonly text: string;
}

/** @param sites ids of the sites that may send, as far as they are known */
export function policyWarnings(policy: Policy, sites: readonly string[]): readonly PolicyWarning[] {
  const named = Object.keys(policy.sites ?? {});
  const found: readonly PolicyWarning[] = [
    ...ofSites(policy, sites),
    ...ofCountries(policy),
    ...named.flatMap((site) => ofRules(resolveRules(policy, site)).map((warning) => ({ ...warning, site }))),
    ...ofRules(resolveRules(policy, '')),
  ];
  // What all sites share is told once, of the policy.
  const shared = new Set(found.filter(({ site }) => site === undefined).map(keyOf));
  return found.filter((warning) => warning.site === undefined || !shared.has(keyOf(warning)));
}

/** One line of it. */
export const warningText = ({ site, at, text }: PolicyWarning): string =>
  `${site === undefined ? '' : `sites.${site}.`}${at}: ${text}`;

const keyOf = ({ at, text }: PolicyWarning): string => `${at}: ${text}`;

function ofSites({ sites: own = {}, country = DEFAULT_RULES.country }: Policy, sites: readonly string[]) {
  const named = Object.keys(own);
  const unnamed = sites.filter((site) => !Object.hasOwn(own, site));
  const unknown = sites.length === 0 ? [] : named.filter((site) => !sites.includes(site));
  return [
    ...unnamed.map((site) => ({ at: 'sites', text: `"${site}" is not named: it has the rules of ${country}` })),
    ...unknown.map((site) => {
      const near = nearest(site, unnamed);
      return { at: `sites.${site}`, text: `there is no such site${near ? `; did you mean "${near}"?` : ''}` };
    }),
  ];
}

function ofCountries(policy: Policy): readonly PolicyWarning[] {
  const used = new Set(Object.keys(policy.sites ?? {}).map((site) => layersOf(policy, { site }).country));
  used.add(layersOf(policy, {}).country);
  return Object.keys(policy.countries ?? {})
    .filter((country) => !used.has(country))
    .map((country) => ({ at: `countries.${country}`, text: 'no site is in this country' }));
}

const STANDARD_TYPES: readonly string[] = [...RECORDS.map(({ type }) => type), 'identify'];

function ofRules({ purposes, events, fields, gpc_removes, sources }: SiteRules): readonly PolicyWarning[] {
  const found: PolicyWarning[] = [];
  const tell = (at: string, text: string): void => void found.push({ at, text });
  if (!purposes.audience) tell('purposes', 'audience cannot be granted: nothing is collected');
  const mappings = Object.values(sources);
  // Without any, pages tell the choice themselves.
  if (mappings.length > 0 && !mappings.some(({ audience }) => audience?.length))
    tell('sources', 'none of them grants audience: nothing is collected through a consent manager');
  for (const [name, mapping] of Object.entries(sources)) {
    if (Object.keys(mapping).length === 0) tell(`sources.${name}`, 'maps no purpose: it grants nothing');
    const near = Object.hasOwn(DEFAULT_RULES.sources, name)
      ? undefined
      : nearest(name, Object.keys(DEFAULT_RULES.sources));
    if (near) tell(`sources.${name}`, `is no consent source of this program; did you mean "${near}"?`);
    for (const purpose of Object.keys(mapping))
      if (!Object.hasOwn(purposes, purpose) && sources !== DEFAULT_RULES.sources)
        tell(`sources.${name}.${purpose}`, 'the purpose is not listed in purposes: it cannot be granted');
  }
  for (const type of Object.keys(events)) {
    const near = STANDARD_TYPES.includes(type) ? undefined : nearest(type, STANDARD_TYPES);
    if (near) tell(`events.${type}`, `is no standard event; did you mean "${near}"?`);
  }
  for (const name of ['utm_*', 'click_id'] as const)
    if ((fields[name] ?? ['audience']).includes('audience'))
      tell('fields', `${name} is opened by audience: campaigns are kept without consent to measuring ads`);
  for (const purpose of DEFAULT_RULES.gpc_removes)
    if (!gpc_removes.includes(purpose))
      tell('gpc_removes', `leaves ${purpose} to browsers that ask not to be followed`);
  return found;
}
