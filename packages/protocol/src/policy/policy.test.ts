import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../consent/default_rules.ts';
import type { Policy } from '../consent/policy.ts';
import { COUNTRY_CODES } from './country_codes.ts';
import {
  browserPolicy,
  DEFAULT_POLICY,
  DEFAULT_POLICY_HASH,
  parsePolicy,
  policyHash,
  policyJsonSchema,
  resolveRules,
} from './index.ts';

const POLICY: Policy = {
  policy: 1,
  version: '1.0.0',
  country: 'FR',
  rules: { choice_days: 180, report_k: 12, retention: { events_days: 300 } },
  countries: { BE: { choice_days: 90, before_choice: 'drop' }, FR: { report_k: 20 } },
  sites: {
    'shop-fr': { debug: true, retention: { profiles_days: 400 } },
    'shop-be': { country: 'BE', choice_days: 60 },
  },
};

describe('the rules of a site', () => {
  it('are the built-in ones where nothing was published', () => {
    expect(resolveRules(DEFAULT_POLICY, 'any')).toEqual(DEFAULT_RULES);
    expect(resolveRules({ policy: 1, version: '1.0.0' }, 'any')).toEqual(DEFAULT_RULES);
  });

  it('are those of the site over its country over all over the built-in', () => {
    expect(resolveRules(POLICY, 'shop-be')).toEqual({
      ...DEFAULT_RULES,
      ...{ country: 'BE', choice_days: 60, before_choice: 'drop', report_k: 12 },
      retention: { ...DEFAULT_RULES.retention, events_days: 300 },
    });
    expect(resolveRules(POLICY, 'shop-fr')).toEqual({
      ...DEFAULT_RULES,
      ...{ country: 'FR', choice_days: 180, report_k: 20, debug: true },
      retention: { ...DEFAULT_RULES.retention, events_days: 300, profiles_days: 400 },
    });
  });

  it('of a site that the policy does not name are those of its country', () => {
    expect(resolveRules(POLICY, 'other')).toMatchObject({ country: 'FR', report_k: 20, choice_days: 180 });
    expect(resolveRules(POLICY, 'constructor')).toEqual(resolveRules(POLICY, 'other'));
    expect(resolveRules({ ...POLICY, country: 'BE' }, 'other')).toMatchObject({ country: 'BE', choice_days: 90 });
  });

  it('take a rule that is given whole', () => {
    const sources = { didomi: { audience: ['cookies'] } };
    expect(resolveRules({ ...POLICY, rules: { sources } }, 'other').sources).toEqual(sources);
  });
});

describe('the hash', () => {
  it('is of the content as RFC 8785 writes it', () => {
    // printf '{"policy":1,"version":"1.0.0"}' | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | head -c 22
    expect(policyHash({ policy: 1, version: '1.0.0' })).toBe('gRXrr5CVOcAWyyWtCb4Zzq');
    expect(policyHash({ version: '1.0.0', policy: 1, $schema: './any.json' })).toBe('gRXrr5CVOcAWyyWtCb4Zzq');
  });

  it('is the same whatever the order of keys, and another where anything else differs', () => {
    const key = fc.stringMatching(/^[a-z*]{1,3}$/);
    const content = fc.dictionary(key, fc.array(fc.constantFrom('audience', 'crm_join'), { maxLength: 3 }), {
      maxKeys: 4,
    });
    const withEvents = (events: object): Policy => ({ ...POLICY, rules: { events } as never });
    fc.assert(
      fc.property(content, content, (events, other) => {
        const turned = Object.fromEntries(Object.entries(events).reverse());
        expect(policyHash(withEvents(turned))).toBe(policyHash(withEvents(events)));
        const isSame = JSON.stringify(Object.entries(events).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(policyHash(withEvents(events)) === policyHash(withEvents(other))).toBe(isSame);
      }),
    );
  });

  it('is what it was for a policy that names no recipients, and another for one that does', () => {
    expect(policyHash({ policy: 1, version: '1.0.0', rules: {} })).toBe('io_4ht656cBn05qfltrwWy');
    const named = parsePolicy({ policy: 1, version: '1.0.0', rules: { recipients: [{ name: 'A host' }] } });
    expect(named.policy && policyHash(named.policy)).toMatch(/^(?!io_4ht656cBn05qfltrwWy)[\w-]{22}$/);
    expect(DEFAULT_POLICY.rules).not.toHaveProperty('recipients');
  });

  it('fits what a stamp may name', () => {
    expect(DEFAULT_POLICY_HASH).toMatch(/^[\w-]{22}$/);
    expect(policyHash(POLICY)).not.toBe(DEFAULT_POLICY_HASH);
  });
});

describe('the part of a page', () => {
  const { events, gpc_removes: gpc } = DEFAULT_RULES;
  const fields = { ...DEFAULT_RULES.fields, 'props.click_id': ['ads_measurement'] };

  it('spells out its tables where the rules are the built-in ones too', () => {
    expect(browserPolicy(DEFAULT_RULES, 'h')).toEqual({
      ...{ hash: 'h', purposes: Object.keys(DEFAULT_RULES.purposes) },
      ...{ events, fields, gpc, sources: DEFAULT_RULES.sources },
    });
  });

  it('has the numbers that differ, and nothing of retention, country or reports', () => {
    const sources = { didomi: { audience: ['cookies'] } };
    const rules = resolveRules({ ...POLICY, rules: { sources, gpc_removes: ['ads_share'] } }, 'shop-be');
    expect(browserPolicy(rules, 'h')).toEqual({
      ...{ hash: 'h', purposes: Object.keys(DEFAULT_RULES.purposes), choice_days: 60, before_choice: 'drop' },
      ...{ events, fields, gpc: ['ads_share'], sources },
    });
  });

  it('names fields as pages do, where a page would take them for others', () => {
    const told = (given: Policy['rules']) =>
      browserPolicy(resolveRules({ policy: 1, version: '1.0.0', rules: given }, 'any'), 'h').fields;
    const closed = ['crm_join'] as const;
    expect(told({ fields: { url: closed, referrer_host: closed, 'keys.*': closed } })).toEqual({
      ...{ url: closed, referrer_host: closed, 'keys.*': closed },
      ...{ page: closed, referrer: closed, pc_code: closed },
    });
    expect(told({ fields: { 'props.*': closed, order_id: ['ads_share'] } })).toEqual({
      ...{ 'props.*': closed, order_id: ['ads_share'], 'props.transaction_id': ['ads_share'] },
      ...{ 'props.value': ['audience'], 'props.currency': ['audience'], 'props.click_id': ['audience'] },
    });
  });

  it('offers no purpose that nobody is asked for', () => {
    const rules = { ...DEFAULT_RULES, purposes: { necessary: { basis: 'necessary' }, audience: { basis: 'consent' } } };
    expect(browserPolicy(rules as never, 'h').purposes).toEqual(['audience']);
  });

  it('holds nothing before the choice where the rules tell it without consent, and says so to the page', () => {
    const told = (given: Policy['rules']) =>
      browserPolicy(resolveRules({ policy: 1, version: '1.0.0', rules: given }, 'any'), 'h');
    expect(told({ preset: 'cnil-fr-2025' })).toMatchObject({ before_choice: 'drop', exempt: {} });
    expect(told({ preset: 'cnil-fr-2025', exempt: { after_refusal: true, cookieless: true } })).toMatchObject({
      exempt: { after_refusal: true },
    });
    expect(told({ preset: 'cnil-fr-2025' }).purposes).not.toContain('audience_exempt');
    expect(told({ preset: 'cnil-fr-2025', before_choice: 'memory' })).not.toHaveProperty('exempt');
    expect(told({})).not.toHaveProperty('exempt');
  });
});

describe('a good policy', () => {
  it.each([
    ['the built-in one', DEFAULT_POLICY],
    ['one that says nothing', { policy: 1, version: '1.0.0-rc.1+build.5' }],
    ['one of several layers', POLICY],
    [
      'one that measures without consent',
      { policy: 1, version: '1.0.0', rules: { preset: 'cnil-fr-2025', exempt: { after_refusal: true } } },
    ],
    ['one with its schema', { ...POLICY, $schema: './node_modules/@parcours/protocol/consent.policy.schema.json' }],
    [
      'one whose numbers are the last that are allowed',
      {
        ...{ policy: 1, version: '1.0.0' },
        rules: { cookie_days: 395, choice_days: 182, report_k: 5, retention: { audience_exempt_days: 759 } },
        countries: { DE: { choice_days: 395, gpc_removes: [] } },
      },
    ],
    [
      'one that opens identity to nobody else',
      {
        ...{ policy: 1, version: '1.0.0' },
        rules: {
          events: { page_view: ['audience'] },
          fields: { 'keys.*': ['crm_join'], 'props.search_term': ['audience'] },
        },
      },
    ],
  ])('%s is taken as it is', (_, policy) => {
    expect(parsePolicy(policy)).toEqual({ policy });
  });

  it('keeps nothing that JSON cannot say', () => {
    const { policy } = parsePolicy({ ...POLICY, $schema: undefined });
    expect(Object.keys(policy as Policy)).toEqual(Object.keys(POLICY));
  });
});

it('any value is a policy or has faults that say where, what and why, and nothing throws', () => {
  const names = fc.constantFrom(
    'policy',
    'version',
    'rules',
    'sites',
    'fields',
    'events',
    'purposes',
    'sources',
    '__proto__',
  );
  const anything = fc.anything({ key: fc.oneof(names, fc.string()), withNullPrototype: true, maxDepth: 5 });
  fc.assert(
    fc.property(
      fc.oneof(anything, fc.record({ policy: fc.constant(1), version: fc.constant('1.0.0'), rules: anything })),
      (value) => {
        const { policy, faults } = parsePolicy(value);
        expect(policy === undefined).toBe(faults !== undefined);
        for (const { rule, source } of faults ?? []) expect(rule.length * source.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 2_000 },
  );
});

it('the published JSON Schema is the one that policies are checked against', async () => {
  await expect(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../consent.policy.schema.json',
  );
});

it('editors that have the schema take what the check takes, and mark a typo', () => {
  const taken = new Ajv2020({ strict: false, validateFormats: false }).compile(policyJsonSchema());
  for (const policy of [DEFAULT_POLICY, POLICY]) expect([taken(policy), taken.errors]).toEqual([true, null]);
  for (const rules of [
    { cookie_day: 3 },
    { cookie_days: 396 },
    { report_k: 4 },
    { events: { click: [] } },
    { fields: [] },
  ])
    expect([rules, taken({ ...POLICY, rules })]).toEqual([rules, false]);
});

it('countries are the assigned ones', () => {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  expect([...COUNTRY_CODES].filter((code) => names.of(code) === undefined)).toEqual([]);
  expect(COUNTRY_CODES.size).toBe(249);
});

it('the root of the protocol is free of all this', () => {
  expect(readFileSync(new URL('../index.ts', import.meta.url), 'utf8')).not.toContain('./policy/');
});
