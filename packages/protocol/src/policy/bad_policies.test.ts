import { describe, expect, it } from 'vitest';
import { parsePolicy } from './index.ts';

/** A policy in which nothing is wrong, with what a row has another way. */
const policy = (more: object): object => ({ policy: 1, version: '1.0.0', ...more });
const rules = (more: object): object => policy({ rules: more });
const site = (more: object): object => policy({ sites: { 'shop-fr': more } });
const source = (mapping: object): object => rules({ sources: { didomi: mapping } });
/** Fields and events as the built-in rules have them, which a policy that names its own must say again. */
const FIELDS = {
  'utm_*': ['ads_measurement'],
  'keys.customer_id': ['crm_join'],
  'keys.loyalty_card': ['crm_join'],
  'keys.email_hmac': ['crm_join'],
  'keys.phone_hmac': ['crm_join'],
};
const fields = (more: object): object => rules({ fields: { ...FIELDS, ...more } });
const events = (more: object): object => rules({ events: { '*': ['audience'], identify: ['crm_join'], ...more } });
const without = (name: keyof typeof FIELDS): object => {
  const { [name]: _, ...left } = FIELDS;
  return rules({ fields: left });
};

const CNIL = 'CNIL délib. 2020-091, art. 5';
const CHOICES = 'CNIL délib. 2020-092';
const LIFETIMES = 'CNIL délib. 2020-092, art. 5';
const DEVICE = 'ePrivacy directive 2002/58/EC, art. 5(3)';
const FORMAT = 'policy format 1';
const ISO = 'ISO 3166-1 alpha-2';
const SEMVER = 'Semantic Versioning 2.0.0';
const NONE = undefined;

const fault = (path: string, value: unknown, rule: string, from: string) => [path, value, rule, from] as const;

/** Each of them has one fault: what it is called, the policy, and the fault's path, value, rule and source. */
const ROWS: readonly (readonly [string, unknown, string, unknown, string, string])[] = [
  // The document
  ['nothing', NONE, '', NONE, 'must be an object', FORMAT],
  ['a list', [], '', [], 'must be an object', FORMAT],
  ['another format', { policy: 2, version: '1.0.0' }, 'policy', 2, 'must be 1', FORMAT],
  ['no format', { version: '1.0.0' }, 'policy', NONE, 'must be 1', FORMAT],
  ['no version', { policy: 1 }, 'version', NONE, 'semantic version', SEMVER],
  ['two numbers', policy({ version: '1.0' }), 'version', '1.0', 'semantic version', SEMVER],
  ['a version as a number', policy({ version: 1 }), 'version', 1, 'semantic version', SEMVER],
  ['a version with v', policy({ version: 'v1.0.0' }), 'version', 'v1.0.0', 'semantic version', SEMVER],
  ['a section of nobody', policy({ retention: 3 }), 'retention', 3, 'unknown key; there are policy, version', FORMAT],
  ['a mistyped section', policy({ site: {} }), 'site', {}, 'did you mean "sites"?', FORMAT],
  ['a mistyped rule', rules({ cookie_day: 30 }), 'rules.cookie_day', 30, 'did you mean "cookie_days"?', FORMAT],
  ['a prototype', JSON.parse('{"policy":1,"version":"1.0.0","__proto__":{}}'), '__proto__', NONE, 'reserved', FORMAT],
  [
    'a prototype inside',
    JSON.parse('{"policy":1,"version":"1.0.0","sites":{"__proto__":{}}}'),
    ...fault('sites.__proto__', NONE, 'reserved', FORMAT),
  ],
  [
    'more than may be read',
    policy({ sites: Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`s${n}`, {}])) }),
    ...fault('', NONE, 'at most 64 KB', FORMAT),
  ],
  [
    'nesting without end',
    policy({ rules: JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) }),
    ...fault('rules.a.a.a.a.a.a.a', NONE, 'at most 8 deep', FORMAT),
  ],
  ['code', rules({ debug: () => true }), 'rules.debug', NONE, 'must be JSON, and is a function', FORMAT],
  ['a date', rules({ debug: new Date(0) }), 'rules.debug', NONE, 'another kind of object', FORMAT],
  ['no number', rules({ cookie_days: Number.NaN }), 'rules.cookie_days', NONE, 'JSON can say', FORMAT],
  ['half a letter', source({ audience: ['\ud800'] }), 'rules.sources.didomi.audience[0]', NONE, 'Unicode', FORMAT],
  ['rules that are none', policy({ rules: [] }), 'rules', [], 'must be an object', FORMAT],
  ['sites in a list', policy({ sites: [{}] }), 'sites', [{}], 'must be an object', FORMAT],
  // Countries and sites
  ['a country by its name', policy({ country: 'France' }), 'country', 'France', 'country code', ISO],
  ['a country of no list', policy({ country: 'ZZ' }), 'country', 'ZZ', 'country code', ISO],
  ['a country in small letters', policy({ countries: { be: {} } }), 'countries.be', 'be', 'country code', ISO],
  ['a union', site({ country: 'EU' }), 'sites.shop-fr.country', 'EU', 'country code', ISO],
  ['a site in capitals', policy({ sites: { Shop: {} } }), 'sites.Shop', 'Shop', 'id of a site', FORMAT],
  ['a site with a dot', policy({ sites: { 'shop.fr': {} } }), 'sites["shop.fr"]', 'shop.fr', 'id of a site', FORMAT],
  ['a country for all', rules({ country: 'FR' }), 'rules.country', 'FR', 'unknown key', FORMAT],
  // Numbers
  ['an id of 14 months', rules({ cookie_days: 396 }), 'rules.cookie_days', 396, 'at most 395 days', LIFETIMES],
  [
    'an id of 14 months in Germany',
    site({ country: 'DE', cookie_days: 396 }),
    ...fault('sites.shop-fr.cookie_days', 396, 'browsers keep no cookie beyond 400', 'RFC 6265bis'),
  ],
  ['an id of no time', rules({ cookie_days: 0 }), 'rules.cookie_days', 0, 'at least 1', FORMAT],
  ['half a day', rules({ cookie_days: 1.5 }), 'rules.cookie_days', 1.5, 'whole number of days', FORMAT],
  ['days as text', rules({ choice_days: '182' }), 'rules.choice_days', '182', 'whole number of days', FORMAT],
  [
    'a choice of 183 days',
    rules({ choice_days: 183 }),
    'rules.choice_days',
    183,
    'at most 182 days in France',
    CHOICES,
  ],
  [
    'a choice of a year, for a site in France',
    policy({ country: 'DE', rules: { choice_days: 365 }, sites: { 'shop-fr': { country: 'FR' } } }),
    ...fault('rules.choice_days', 365, 'at most 182 days in France', CHOICES),
  ],
  [
    'a choice of 14 months in Germany',
    policy({ country: 'DE', rules: { choice_days: 396 } }),
    ...fault('rules.choice_days', 396, 'at most 395 days', 'policy format 1; GDPR art. 7'),
  ],
  [
    'exempt data of 26 months',
    rules({ retention: { audience_exempt_days: 760 } }),
    ...fault('rules.retention.audience_exempt_days', 760, 'at most 759 days (25 months)', LIFETIMES),
  ],
  [
    'events for ever',
    rules({ retention: { events_days: 36_500 } }),
    ...fault('rules.retention.events_days', 36_500, 'needs an end', 'GDPR art. 5(1)(e)'),
  ],
  [
    'marks of the erased that end before their ids',
    rules({ retention: { tombstones_days: 394 } }),
    ...fault('rules.retention.tombstones_days', 394, 'at least cookie_days (395)', 'GDPR art. 17'),
  ],
  // Recipients
  ['a recipient alone', rules({ recipients: {} }), 'rules.recipients', {}, 'a list of recipients', FORMAT],
  [
    'a recipient without a name',
    rules({ recipients: [{}] }),
    ...fault('rules.recipients[0].name', NONE, 'must say who it is', 'GDPR art. 15(1)(c)'),
  ],
  [
    'a recipient with an empty name',
    rules({ recipients: [{ name: ' ' }] }),
    ...fault('rules.recipients[0].name', ' ', 'must say who it is', 'GDPR art. 15(1)(c)'),
  ],
  [
    'a recipient for no purpose',
    rules({ recipients: [{ name: 'A host', purposes: [] }] }),
    ...fault('rules.recipients[0].purposes', [], 'at least one purpose', 'GDPR art. 5(1)(b)'),
  ],
  [
    'a recipient for a purpose of nobody',
    rules({ recipients: [{ name: 'A host', purposes: ['audiences'] }] }),
    ...fault('rules.recipients[0].purposes[0]', 'audiences', 'did you mean "audience"?', FORMAT),
  ],
  [
    'a recipient for what cannot be granted',
    site({ purposes: { audience: { basis: 'consent' } }, recipients: [{ name: 'A', purposes: ['ads_share'] }] }),
    ...fault('sites.shop-fr.recipients[0].purposes[0]', 'ads_share', 'not among the purposes', 'GDPR art. 15(1)(c)'),
  ],
  [
    'a recipient twice',
    rules({ recipients: [{ name: 'A host' }, { name: 'A host', purposes: ['audience'] }] }),
    ...fault('rules.recipients[1].name', 'A host', 'stands twice', FORMAT),
  ],
  [
    'a mistyped key',
    rules({ recipients: [{ nam: 'A', name: 'A' }] }),
    'rules.recipients[0].nam',
    'A',
    'unknown key',
    FORMAT,
  ],
  ['a group of four', rules({ report_k: 4 }), 'rules.report_k', 4, 'at least 5', 'WP29 opinion 05/2014'],
  ['no group', rules({ report_k: 0 }), 'rules.report_k', 0, 'whole number of people', FORMAT],
  ['a switch as text', rules({ debug: 'yes' }), 'rules.debug', 'yes', 'true or false', FORMAT],
  // Purposes and their bases
  [
    'a purpose of nobody',
    rules({ purposes: { analytics: { basis: 'consent' } } }),
    ...fault(
      'rules.purposes.analytics',
      { basis: 'consent' },
      'unknown key; there are necessary, audience_exempt',
      FORMAT,
    ),
  ],
  ['no basis', rules({ purposes: { audience: {} } }), 'rules.purposes.audience.basis', NONE, 'must be consent', 'GDPR'],
  [
    'legitimate interest',
    rules({ purposes: { audience: { basis: 'legitimate_interest' } } }),
    ...fault('rules.purposes.audience.basis', 'legitimate_interest', 'opens no device', DEVICE),
  ],
  [
    'ads as a necessity',
    rules({ purposes: { audience: { basis: 'consent' }, ads_share: { basis: 'necessary' } } }),
    ...fault('rules.purposes.ads_share.basis', 'necessary', 'ads_share needs consent', DEVICE),
  ],
  [
    'the whole audience as exempt',
    rules({ purposes: { audience: { basis: 'exempt' } } }),
    ...fault('rules.purposes.audience.basis', 'exempt', 'audience needs consent', DEVICE),
  ],
  [
    'consent to the necessary',
    rules({ purposes: { necessary: { basis: 'consent' } } }),
    ...fault('rules.purposes.necessary.basis', 'consent', 'has the basis necessary', DEVICE),
  ],
  // The exemption
  [
    'exempt before the choice',
    rules({ before_choice: 'exempt' }),
    'rules.before_choice',
    'exempt',
    'needs "preset": "cnil-fr-2025"',
    CNIL,
  ],
  [
    'an exempt audience',
    rules({ purposes: { audience_exempt: { basis: 'exempt' } } }),
    ...fault('rules.purposes.audience_exempt', { basis: 'exempt' }, 'needs "preset"', CNIL),
  ],
  [
    'what a preset may add, without one',
    rules({ exempt: { cookieless: true } }),
    'rules.exempt',
    { cookieless: true },
    'needs "preset"',
    CNIL,
  ],
  [
    'a preset of nobody',
    rules({ preset: 'cnil' }),
    'rules.preset',
    'cnil',
    'is not a preset; there are cnil-fr-2025',
    FORMAT,
  ],
  [
    'a preset mistyped',
    rules({ preset: 'cnil-fr-2052' }),
    'rules.preset',
    'cnil-fr-2052',
    'did you mean "cnil-fr-2025"?',
    FORMAT,
  ],
  [
    'more than a preset can be given',
    rules({ preset: 'cnil-fr-2025', exempt: { orders: true } }),
    'rules.exempt.orders',
    true,
    'unknown key',
    FORMAT,
  ],
  [
    'a preset in Belgium',
    site({ country: 'BE', preset: 'cnil-fr-2025' }),
    'sites.shop-fr.preset',
    'cnil-fr-2025',
    'Belgium exempts no audience measurement',
    'Belgium, law of 30 July 2018',
  ],
  [
    'a preset in Spain',
    site({ country: 'ES', preset: 'cnil-fr-2025' }),
    'sites.shop-fr.preset',
    'cnil-fr-2025',
    'is an exemption of French law',
    DEVICE,
  ],
  [
    'a preset without its purpose',
    rules({ preset: 'cnil-fr-2025', purposes: { audience: { basis: 'consent' } } }),
    'rules.purposes',
    { audience: { basis: 'consent' } },
    'must hold audience_exempt',
    CNIL,
  ],
  [
    'exempt in Belgium',
    site({ country: 'BE', before_choice: 'exempt' }),
    ...fault(
      'sites.shop-fr.before_choice',
      'exempt',
      'Belgium exempts no audience measurement',
      'Belgium, law of 30 July 2018',
    ),
  ],
  [
    'sending before the choice',
    rules({ before_choice: 'send' }),
    'rules.before_choice',
    'send',
    'memory, drop or exempt',
    FORMAT,
  ],
  // Events
  [
    'an event for nothing',
    events({ page_view: [] }),
    ...fault('rules.events.page_view', [], 'at least one purpose', 'GDPR art. 5(1)(b)'),
  ],
  [
    'a mistyped purpose',
    events({ page_view: ['audiense'] }),
    ...fault('rules.events.page_view[0]', 'audiense', 'is not a purpose; did you mean "audience"?', FORMAT),
  ],
  ['one purpose alone', events({ click: 'audience' }), 'rules.events.click', 'audience', 'list of purposes', FORMAT],
  [
    'a purpose twice',
    events({ click: ['audience', 'audience'] }),
    ...fault('rules.events.click[1]', 'audience', 'stands twice', FORMAT),
  ],
  [
    'an event that is necessary',
    events({ click: ['necessary'] }),
    ...fault('rules.events.click[0]', 'necessary', 'asks nobody', DEVICE),
  ],
  [
    'an event in capitals',
    events({ PageView: ['audience'] }),
    'rules.events.PageView',
    'PageView',
    'type of event',
    FORMAT,
  ],
  [
    'identify for the audience',
    events({ identify: ['audience'] }),
    ...fault('rules.events.identify[0]', 'audience', 'needs crm_join', CNIL),
  ],
  [
    'identify among all others',
    rules({ events: { '*': ['audience'] } }),
    ...fault('rules.events', NONE, 'identify falls under *', CNIL),
  ],
  // Fields
  [
    'a field of nobody',
    fields({ titel: ['audience'] }),
    'rules.fields.titel',
    'titel',
    'did you mean "title"?',
    FORMAT,
  ],
  [
    'a key of nobody',
    fields({ 'keys.customerid': ['crm_join'] }),
    ...fault('rules.fields["keys.customerid"]', 'keys.customerid', 'did you mean "keys.customer_id"?', FORMAT),
  ],
  ['a field for nothing', fields({ title: [] }), 'rules.fields.title', [], 'at least one purpose', 'GDPR art. 5(1)(b)'],
  [
    'a field under both of its names',
    fields({ amount_minor: ['audience'], 'props.value': ['crm_join'] }),
    ...fault('rules.fields["props.value"]', ['crm_join'], 'is the column amount_minor, which is listed too', FORMAT),
  ],
  [
    'a field that is exempt',
    fields({ title: ['audience_exempt'] }),
    ...fault('rules.fields.title[0]', 'audience_exempt', 'asks nobody', DEVICE),
  ],
  [
    'customers for the audience',
    fields({ 'keys.customer_id': ['crm_join', 'audience'] }),
    ...fault('rules.fields["keys.customer_id"][1]', 'audience', 'needs crm_join', CNIL),
  ],
  [
    'contacts for measuring ads',
    fields({ 'keys.email_hmac': ['ads_measurement'] }),
    ...fault(
      'rules.fields["keys.email_hmac"][0]',
      'ads_measurement',
      'needs crm_join or ads_share',
      'CNIL SAN-2025-017',
    ),
  ],
  [
    'contacts left out',
    without('keys.phone_hmac'),
    ...fault('rules.fields', NONE, 'keys.phone_hmac is left out, which opens it to audience', 'CNIL SAN-2025-017'),
  ],
  [
    'customers left out and all keys opened',
    { ...without('keys.loyalty_card'), sites: { a: { fields: { ...FIELDS, 'keys.*': ['audience'] } } } },
    ...fault('rules.fields', NONE, 'keys.loyalty_card is left out', CNIL),
  ],
  // Sources
  [
    'a source in capitals',
    rules({ sources: { Didomi: {} } }),
    ...fault('rules.sources.Didomi', 'Didomi', 'must be a source', FORMAT),
  ],
  [
    'a source as its file is called',
    rules({ sources: { 'consent-mode': { audience: ['a'] } } }),
    ...fault('rules.sources.consent-mode', 'consent-mode', 'did you mean "consent_mode"?', FORMAT),
  ],
  [
    'a source that grants what is no purpose',
    source({ analytics: ['a'] }),
    ...fault('rules.sources.didomi.analytics', ['a'], 'unknown key', FORMAT),
  ],
  ['no signal', source({ audience: [] }), 'rules.sources.didomi.audience', [], 'at least one signal', FORMAT],
  ['one signal alone', source({ audience: 'a' }), 'rules.sources.didomi.audience', 'a', 'list of signals', FORMAT],
  ['a signal that is true', source({ audience: [true] }), 'rules.sources.didomi.audience[0]', true, 'a signal', FORMAT],
  ['a signal of spaces', source({ audience: [' '] }), 'rules.sources.didomi.audience[0]', ' ', 'a signal', FORMAT],
  [
    'a source that grants the necessary',
    source({ necessary: ['a'] }),
    ...fault('rules.sources.didomi.necessary', ['a'], 'asks nobody', DEVICE),
  ],
  [
    'legitimate interest as a signal',
    rules({ sources: { tcf: { audience: ['purpose.1', 'legitimateInterests.8'] } } }),
    ...fault('rules.sources.tcf.audience[1]', 'legitimateInterests.8', 'signal of legitimate interest', 'TCF 2.2'),
  ],
  [
    'legitimate interest as a signal of GPP',
    rules({ sources: { gpp: { audience: ['tcfeuv2.PurposesLITransparency.9'] } } }),
    ...fault('rules.sources.gpp.audience[0]', 'tcfeuv2.PurposesLITransparency.9', 'legitimate interest', 'TCF 2.2'),
  ],
  [
    'terms for what pages tell by hand',
    rules({ sources: { manual: { audience: ['stats'] } } }),
    ...fault('rules.sources.manual', { audience: ['stats'] }, 'has no terms of its own', FORMAT),
  ],
  [
    'Global Privacy Control as a source',
    rules({ sources: { gpc: { audience: ['off'] } } }),
    ...fault('rules.sources.gpc', { audience: ['off'] }, 'grants none', 'W3C Global Privacy Control'),
  ],
  [
    'Global Privacy Control as a signal',
    source({ audience: ['globalPrivacyControl'] }),
    ...fault('rules.sources.didomi.audience[0]', 'globalPrivacyControl', 'grants none', 'W3C Global Privacy Control'),
  ],
  [
    'Global Privacy Control without its effect in the US',
    policy({ countries: { US: { gpc_removes: ['ads_measurement'] } } }),
    ...fault(
      'countries.US.gpc_removes',
      ['ads_measurement'],
      'must hold ads_share in the US',
      'California, 11 CCR § 7025',
    ),
  ],
  [
    'Global Privacy Control against the necessary',
    rules({ gpc_removes: ['necessary'] }),
    ...fault('rules.gpc_removes[0]', 'necessary', 'asks nobody', DEVICE),
  ],
];

describe('a policy is refused for', () => {
  it.each(ROWS)('%s', (_, given, path, value, rule, from) => {
    const { faults } = parsePolicy(given);
    expect(faults).toHaveLength(1);
    expect(faults?.[0]).toMatchObject({ path, rule: expect.stringContaining(rule) });
    expect(faults?.[0]?.value).toEqual(value);
    expect(faults?.[0]?.source).toContain(from);
  });
});

it('no two of the rows are the same', () => {
  expect(ROWS.length).toBeGreaterThan(60);
  expect(new Set(ROWS.map(([name]) => name)).size).toBe(ROWS.length);
});

it('all that is wrong is told at once, form and law', () => {
  const { faults } = parsePolicy({
    ...{ policy: 1, version: 'one', country: 'FR', rules: { choice_days: 365, cookie_days: 999, debugg: true } },
    sites: { a: { choice_days: 200 }, b: { events: { click: ['audiense'] }, before_choice: 'exempt' } },
  });
  expect(faults?.map(({ path }) => path).sort()).toEqual([
    ...['rules.choice_days', 'rules.cookie_days', 'rules.debugg', 'sites.a.choice_days', 'sites.b.before_choice'],
    ...['sites.b.events.click[0]', 'version'],
  ]);
});
