import type { Policy } from '@parcours/protocol';
import { policyHash } from '@parcours/protocol/policy';
import { foldControl, type PolicyPublished } from '@parcours/store/control';
import { expect, it } from 'vitest';
import { reportKOf } from './report_k.ts';

const stateOf = (rules: object) => {
  const policy = { policy: 1, version: '1.0.0', ...rules } as Policy;
  const record: PolicyPublished = {
    ...{ v: 1, id: 'id', at: '2026-11-22T10:00:00.000Z', kind: 'policy_published' },
    ...{ version: policy.version, hash: policyHash(policy), policy },
  };
  return foldControl([record]);
};

it('is ten where nothing was published, and where what was cannot be read', () => {
  expect(reportKOf(foldControl([]), 'shop', ['shop'])).toBe(10);
  expect(reportKOf(stateOf({ rules: { report_k: 'few' } }), 'shop', ['shop'])).toBe(10);
});

it('is the site’s own, and of all sites together the strictest', () => {
  const state = stateOf({ rules: { report_k: 6 }, sites: { shop: { report_k: 5 }, 'shop-be': { report_k: 20 } } });
  expect(reportKOf(state, 'shop', ['shop', 'shop-be'])).toBe(5);
  expect(reportKOf(state, undefined, ['shop', 'shop-be'])).toBe(20);
  expect(reportKOf(state, undefined, ['shop'])).toBe(6);
});
