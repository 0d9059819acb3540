import { DEFAULT_RULES, type Policy, type PolicyRules } from '@parcours/protocol';
import { DEFAULT_POLICY, parsePolicy } from '@parcours/protocol/policy';
import { describe, expect, it } from 'vitest';
import { policyWarnings, warningText } from './policy_warnings.ts';

const warned = (more: Partial<Policy>, sites: readonly string[] = []): readonly string[] => {
  const policy: Policy = { policy: 1, version: '1.0.0', ...more };
  // What is refused needs no warning.
  expect(parsePolicy(policy).faults).toBeUndefined();
  return policyWarnings(policy, sites).map(warningText);
};
const ofRules = (rules: PolicyRules): readonly string[] => warned({ rules });

it('the built-in policy needs none', () => {
  expect(policyWarnings(DEFAULT_POLICY, [])).toEqual([]);
});

describe('a warning is given of', () => {
  it.each<[string, PolicyRules, string]>([
    [
      'no audience',
      { purposes: { crm_join: { basis: 'consent' } }, sources: {} },
      'purposes: audience cannot be granted: nothing is collected',
    ],
    [
      'a manager that maps nothing',
      { sources: { axeptio: {} } },
      'sources.axeptio: maps no purpose: it grants nothing',
    ],
    [
      'managers without audience',
      { sources: { didomi: { ads_share: ['a'] } } },
      'sources: none of them grants audience: nothing is collected through a consent manager',
    ],
    [
      'a mistyped manager',
      { sources: { shopifi: { audience: ['a'] } } },
      'sources.shopifi: is no consent source of this program; did you mean "shopify"?',
    ],
    [
      'a mistyped event',
      { events: { page_veiw: ['audience'] } },
      'events.page_veiw: is no standard event; did you mean "page_view"?',
    ],
    [
      'signals of a purpose that cannot be granted',
      { purposes: { audience: { basis: 'consent' } }, sources: { didomi: { audience: ['a'], ads_share: ['b'] } } },
      'sources.didomi.ads_share: the purpose is not listed in purposes: it cannot be granted',
    ],
    [
      'campaigns for the audience',
      { fields: { ...DEFAULT_RULES.fields, 'utm_*': ['audience'] } },
      'fields: utm_* is opened by audience: campaigns are kept without consent to measuring ads',
    ],
    [
      'a signal of the browser without effect',
      { gpc_removes: ['ads_share'] },
      'gpc_removes: leaves ads_measurement to browsers that ask not to be followed',
    ],
  ])('%s', (_, rules, text) => {
    expect(ofRules(rules)).toContain(text);
  });

  it('a site that is not named, one that there is not, and a country without site', () => {
    expect(warned({ sites: { 'shop-fe': {} }, countries: { BE: {} } }, ['shop-fr', 'shop-be'])).toEqual([
      'sites: "shop-fr" is not named: it has the rules of FR',
      'sites: "shop-be" is not named: it has the rules of FR',
      'sites.shop-fe: there is no such site; did you mean "shop-fr"?',
      'countries.BE: no site is in this country',
    ]);
  });
});

it('what all sites share is told once, and what is one site’s by its name', () => {
  const sites = { a: {}, b: { gpc_removes: [] } };
  expect(warned({ rules: { sources: { axeptio: {} } }, sites })).toEqual([
    'sites.b.gpc_removes: leaves ads_measurement to browsers that ask not to be followed',
    'sites.b.gpc_removes: leaves ads_share to browsers that ask not to be followed',
    'sources: none of them grants audience: nothing is collected through a consent manager',
    'sources.axeptio: maps no purpose: it grants nothing',
  ]);
});
