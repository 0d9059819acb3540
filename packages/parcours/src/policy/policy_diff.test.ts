import type { Policy } from '@parcours/protocol';
import { DEFAULT_POLICY } from '@parcours/protocol/policy';
import { expect, it } from 'vitest';
import { diffLines, policyDiff } from './policy_diff.ts';

const before: Policy = {
  ...{ policy: 1, version: '1.0.0' },
  rules: { choice_days: 180, sources: { didomi: { audience: ['a'] } } },
  sites: { 'shop-be': { country: 'BE' } },
};

it('tells by site and rule what is in force another way', () => {
  const after: Policy = {
    ...before,
    rules: { choice_days: 180, sources: { didomi: { audience: ['a', 'b'] } }, retention: { events_days: 30 } },
    sites: { 'shop-be': { country: 'BE', choice_days: 90 }, 'shop-fr': { debug: true } },
  };
  expect(policyDiff(before, after)).toEqual([
    { site: 'shop-be', rule: 'choice_days', before: 180, after: 90 },
    { site: 'shop-be', rule: 'sources.didomi.audience', before: ['a'], after: ['a', 'b'] },
    { site: 'shop-be', rule: 'retention.events_days', before: 395, after: 30 },
    { site: 'shop-fr', rule: 'debug', before: false, after: true },
    { site: 'shop-fr', rule: 'sources.didomi.audience', before: ['a'], after: ['a', 'b'] },
    { site: 'shop-fr', rule: 'retention.events_days', before: 395, after: 30 },
    { rule: 'sources.didomi.audience', before: ['a'], after: ['a', 'b'] },
    { rule: 'retention.events_days', before: 395, after: 30 },
  ]);
});

it('tells what came and what went', () => {
  const after: Policy = { ...before, rules: { sources: { klaro: { audience: ['x'] } }, choice_days: 180 } };
  expect(policyDiff(before, after).filter(({ site }) => site === undefined)).toEqual([
    { rule: 'sources.didomi.audience', before: ['a'] },
    { rule: 'sources.klaro.audience', after: ['x'] },
  ]);
});

it('tells nothing where the same is written another way', () => {
  expect(policyDiff(DEFAULT_POLICY, { policy: 1, version: '1.0.0', country: 'FR' })).toEqual([]);
  const spread = { policy: 1, version: '1.0.1', sites: { 'shop-be': { ...before.rules, country: 'BE' } } } as Policy;
  expect(policyDiff(before, spread).filter(({ site }) => site === 'shop-be')).toEqual([]);
});

it('tells what sites share once', () => {
  const after: Policy = { ...before, rules: { ...before.rules, choice_days: 60 } };
  expect(diffLines(policyDiff(before, after))).toEqual(['choice_days: 180 -> 60   (shop-be, every other site)']);
});
