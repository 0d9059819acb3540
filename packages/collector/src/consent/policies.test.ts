import { DEFAULT_RULES } from '@parcours/protocol';
import { BUILT_IN_POLICIES, DEFAULT_POLICY, policyHash } from '@parcours/protocol/policy';
import { expect, it } from 'vitest';
import { aPolicy } from '../testing/policy.ts';
import { createPolicies } from './policies.ts';

const AT = '2026-11-25T10:00:00.000Z';
const AT_MS = Date.parse(AT);

it('judges by a policy at once, and gives it to pages two seconds after it was published', () => {
  let now = AT_MS;
  const policies = createPolicies([], () => now);
  const before = policies.served('shop');
  expect(policies.rulesOf('shop')).toEqual(DEFAULT_RULES);
  expect(policies.knows(policyHash(DEFAULT_POLICY))).toBe(true);

  const next = aPolicy({ choice_days: 90 }, { published_at: AT });
  expect(policies.knows(next.hash)).toBe(false);
  policies.set([next]);
  expect(policies.rulesOf('shop').choice_days).toBe(90);
  expect(policies.current()).toMatchObject({ version: next.policy.version, hash: next.hash });
  now = AT_MS + 1_999;
  expect(policies.served('shop')).toEqual(before);
  now = AT_MS + 2_000;
  const served = policies.served('shop');
  expect(JSON.parse(served.text)).toMatchObject({ hash: next.hash, choice_days: 90 });
  expect(served.etag).not.toBe(before.etag);
});

it('knows every policy that was ever in force, and no other', () => {
  const [first, second] = [aPolicy({ choice_days: 90 }), aPolicy({ choice_days: 60 })];
  const policies = createPolicies([first, second], () => AT_MS);
  for (const hash of [first.hash, second.hash, policyHash(DEFAULT_POLICY)]) expect(policies.knows(hash)).toBe(true);
  expect(policies.knows('AAAAAAAAAAAAAAAAAAAAAA')).toBe(false);
  expect(policies.rulesOf('shop').choice_days).toBe(60);
});

it('resolves a site once, and keeps what it made of a policy that stays', () => {
  const [first, second] = [aPolicy({ choice_days: 90 }), aPolicy({ choice_days: 60 })];
  const policies = createPolicies([first], () => AT_MS);
  const rules = policies.rulesOf('shop');
  expect(policies.rulesOf('shop')).toBe(rules);
  policies.set([{ ...first }]);
  expect(policies.rulesOf('shop')).toBe(rules);
  policies.set([first, second]);
  expect(policies.rulesOf('shop')).not.toBe(rules);
});

it('knows what was built in before an upgrade, and judges by what is in force', () => {
  const policy = { policy: 1, version: '0.0.0', rules: { choice_days: 60 } } as const;
  const earlier = { policy, hash: policyHash(policy) };
  const policies = createPolicies([], () => AT_MS, [earlier, ...BUILT_IN_POLICIES]);
  expect(policies.knows(earlier.hash)).toBe(true);
  expect(policies.versionOf(earlier.hash)).toBe('0.0.0');
  expect(policies.rulesOf('shop')).toEqual(DEFAULT_RULES);
  expect(JSON.parse(policies.served('shop').text).hash).toBe(policyHash(DEFAULT_POLICY));
  policies.set([aPolicy({ choice_days: 90 })]);
  expect(policies.knows(earlier.hash)).toBe(true);
});
