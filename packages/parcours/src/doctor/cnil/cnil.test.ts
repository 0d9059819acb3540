import { randomUUID } from 'node:crypto';
import type { PolicyRules } from '@parcours/protocol';
import { policyHash } from '@parcours/protocol/policy';
import { foldControl, type PolicyPublished } from '@parcours/store/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { runChecks } from '../report.ts';
import { type Installation, openInstallation } from '../testing/installation.ts';
import { CNIL } from './index.ts';

const DAY_MS = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

const policyOf = (rules: PolicyRules) => {
  const policy = { policy: 1, version: '1.0.0', country: 'FR', rules } as const;
  return { policy, hash: policyHash(policy), published_at: ago(30) };
};

const controlOf = (rules: PolicyRules) => {
  const { policy, hash, published_at: at } = policyOf(rules);
  const published: PolicyPublished = {
    ...{ v: 1, kind: 'policy_published', id: randomUUID(), at },
    ...{ version: '1.0.0', hash, policy },
  };
  return foldControl([published]);
};

const PRESET: PolicyRules = { preset: 'cnil-fr-2025' };

let installation: Installation;

/** Fresh for each breach, since what is held cannot be taken back. */
const open = async (rules = PRESET): Promise<void> => {
  installation = await openInstallation({ policies: [policyOf(rules)] });
  const now = new Date().toISOString();
  await installation.send(0, {
    stamps: [{ purposes: ['audience_exempt'], source: 'exempt', at: now, policy: policyOf(rules).hash }],
    events: [
      {
        ...{ event_id: randomUUID(), type: 'page_view', occurred_at: now, stamp: 0 },
        page: { url: 'https://shop.example/boots?utm_source=letter', referrer: 'https://search.example/?q=tent' },
        props: { screen: 'small' },
      },
    ],
  });
};

const look = async (more: Parameters<Installation['context']>[0] = {}): Promise<Readonly<Record<string, string>>> => {
  const context: Context = await installation.context({ control: controlOf(PRESET), ...more });
  const { checks } = await runChecks(CNIL, context);
  expect(checks).toHaveLength(14);
  const wrong = checks.filter(({ verdict }) => verdict !== 'ok');
  return Object.fromEntries(
    wrong.map(({ check, verdict, found, faults }) => [check, faults[0]?.found ?? `${verdict}: ${found}`]),
  );
};

const row = (more: object = {}): object => {
  const at = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
  return { event_id: randomUUID(), type: 'page_view', occurred_at: at, bot: false, path: '/boots', ...more };
};

const record = (exempted: readonly object[], more: object = {}): object => ({
  ...{ v: 1, kind: 'batch', site: 'shop', source: 'web', received_at: new Date().toISOString() },
  ...{ sent_at: new Date().toISOString(), sdk: '1.0.0', client: { bot: false }, stamps: [], events: [], exempted },
  ...more,
});

describe('an installation that keeps to the exemption', () => {
  beforeAll(() => open());
  afterAll(() => installation.close());

  it('breaks none of fourteen criteria, and shows what each is judged by', async () => {
    expect(await look()).toEqual({});
    const { checks } = await runChecks(CNIL, await installation.context({ control: controlOf(PRESET) }));
    const found = Object.fromEntries(checks.map((line) => [line.check, line.found]));
    expect(found).toMatchObject({
      purpose: expect.stringMatching(/^policy 1\.0\.0 \([\w-]{22}\), preset cnil-fr-2025 on shop$/),
      'event-types': 'shop: types page_view',
      ip: 'shop: networks /16',
      screen: 'shop: screens small',
      identifier: 'shop: no mark; policy: none',
      statistics: '0 counts that are not rounded; single rows are refused, to every role',
      objection: 'p.exempt.js is served; an objection is kept 395 days on shop',
      durations: 'shop: no id is stored without consent, with it 395 days; data 395 days',
    });
    expect(JSON.stringify(CNIL)).not.toMatch(/certif/i);
  });

  it.each<[string, PolicyRules, string]>([
    ['purpose', {}, 'the policy in force has the preset on no site'],
    [
      'purpose',
      { ...PRESET, purposes: { audience: { basis: 'consent' } } },
      'shop: the purpose audience_exempt is not listed',
    ],
    ['durations', { ...PRESET, cookie_days: 400 }, 'shop: cookie_days is 400'],
    ['durations', { ...PRESET, retention: { audience_exempt_days: 800 } }, 'shop: audience_exempt_days is 800'],
  ])('%s is broken by %j', async (name, rules, found) => {
    expect(await look({ control: controlOf(rules) })).toMatchObject({ [name]: found });
  });

  it('says what cannot be looked at', async () => {
    const query = async () => {
      throw new Error('nothing runs');
    };
    expect(Object.values(await look({ probes: { query } })).every((found) => /^not_checked: /.test(found))).toBe(true);
  });

  it('statistics are broken by a count that is not rounded, and by rows that can be read', async () => {
    const rows = async () => [{ unrounded: 3 }];
    expect((await look({ probes: { query: rows } })).statistics).toBe('3 counts are under ten or not rounded');
  });

  it('objection is broken by a collector that confirms none', async () => {
    const context = await installation.context();
    const ask: typeof context.probes.ask = async (url, question) => {
      const answer = await context.probes.ask(url, question);
      return { ...answer, all: () => [] };
    };
    expect(await look({ probes: { ask } })).toEqual({ objection: 'shop: the collector does not confirm an objection' });
  });
});

describe('what is held breaks', () => {
  it.each<[string, object, string]>([
    ['event-types', record([row({ type: 'purchase' })]), 'shop: types purchase'],
    ['marketing', record([row({ props: { order_id: 'W-1' } })]), 'shop: properties order_id'],
    ['pages', record([row({ path: '/boots?utm_source=x' })]), 'shop: a path has a query'],
    ['referrer', record([row({ referrer_host: 'search.example/find' })]), 'shop: a referrer is more than a host'],
    ['browser', record([row({ browser: 'Chrome 156.0.7103' })]), 'shop: a minor version is kept'],
    ['screen', record([row({ screen: '1512x982' })]), 'shop: screens 1512x982'],
    ['ip', record([row({ ip_prefix: '203.0.113.0/24' })]), 'shop: networks /24'],
    [
      'identifier',
      record([row({ day_visitor: 'a' })]),
      'shop: visitors are marked, and the policy does not count them',
    ],
    [
      'joining',
      record([row({ occurred_at: ago(0).replace(/\d\d\.\d{3}Z/, '07.001Z') })]),
      'shop: times are more exact than the minute, by which rows could be joined',
    ],
    [
      'data-age',
      record([row()], { received_at: ago(500) }),
      expect.stringMatching(/^shop: the oldest is of .*, 500 days ago$/) as never,
    ],
  ])('%s', async (name, smuggled, found) => {
    await open();
    try {
      await installation.smuggle(smuggled);
      expect(await look()).toEqual({ [name]: found });
    } finally {
      await installation.close();
    }
  });

  it('identifier, by one mark on two days, though the policy counts visitors', async () => {
    await open();
    try {
      await installation.smuggle(record([row({ day_visitor: 'a' })]));
      const control = controlOf({ ...PRESET, exempt: { cookieless: true } });
      expect(await look({ control })).toEqual({});
      await installation.smuggle(record([row({ day_visitor: 'a' })], { received_at: ago(1) }));
      expect(await look({ control })).toEqual({ identifier: 'shop: one mark stands on two days' });
    } finally {
      await installation.close();
    }
  });
});
