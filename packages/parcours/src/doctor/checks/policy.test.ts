import type { Policy } from '@parcours/protocol';
import { policyHash } from '@parcours/protocol/policy';
import { foldControl, type PolicyPublished } from '@parcours/store/control';
import { expect, it } from 'vitest';
import { contextOf } from '../testing/bare_context.ts';
import { lineOf } from '../testing/installation.ts';

const site = (id: string) => ({ id, keys: ['pk'], origins: ['https://shop.example'] });

const published = (policy: Policy): PolicyPublished => ({
  ...{ v: 1, id: 'id', at: '2026-11-22T10:00:00.000Z', kind: 'policy_published' },
  ...{ version: policy.version, hash: policyHash(policy), policy },
});

const lineFor = (policies: readonly Policy[], ...sites: string[]) =>
  lineOf(contextOf({ control: foldControl(policies.map(published)), sites: sites.map(site) }), 'policy');

it('names the built-in policy where none was published, and finds nothing wrong', async () => {
  const line = await lineFor([], 'shop');
  expect(line).toMatchObject({
    verdict: 'ok',
    found: expect.stringMatching(/^policy 0\.0\.0 \([\w-]{22}\), built in/),
  });
});

it('names the policy in force', async () => {
  const policy: Policy = { policy: 1, version: '1.2.0', sites: { shop: {} } };
  const found = `policy 1.2.0 (${policyHash(policy)}), since 2026-11-22T10:00:00.000Z`;
  expect(await lineFor([policy], 'shop')).toMatchObject({ verdict: 'ok', found, faults: [] });
});

it('tells the sites that have no rules of their own', async () => {
  const line = await lineFor([{ policy: 1, version: '1.0.0', sites: { shop: {} } }], 'shop', 'shop-be');
  expect(line).toMatchObject({ verdict: 'warning', faults: [{ code: 'unnamed_site', found: 'shop-be is not named' }] });
  expect(line.faults[0]?.fix).toContain('"shop-be"');
});

it('tells consent sources that grant nothing', async () => {
  const sources = { axeptio: {}, didomi: { audience: ['cookies'] } };
  const line = await lineFor([{ policy: 1, version: '1.0.0', rules: { sources }, sites: { shop: {} } }], 'shop');
  expect(line.faults).toMatchObject([
    { code: 'doubtful', found: 'sources.axeptio: maps no purpose: it grants nothing' },
  ]);
});

it('is red where the policy would not be published now, and tells that alone', async () => {
  const policy: Policy = {
    policy: 1,
    version: '1.0.0',
    rules: { cookie_days: 730, retention: { tombstones_days: 730 } },
  };
  const line = await lineFor([policy], 'shop');
  expect(line).toMatchObject({ verdict: 'red', faults: [{ code: 'faulty', found: expect.stringContaining('395') }] });
});

it('says so where it cannot look', async () => {
  expect(await lineOf(contextOf({ control: undefined }), 'policy')).toMatchObject({ verdict: 'not_checked' });
});
