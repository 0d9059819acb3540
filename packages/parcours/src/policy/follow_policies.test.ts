import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '@parcours/protocol';
import { policyHash, resolveRules } from '@parcours/protocol/policy';
import { appendControl, type ControlFeed, openControlFeed } from '@parcours/store/control';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FollowedPolicy, followPolicies } from './follow_policies.ts';

let folder: string;
let feed: ControlFeed;
let stop: () => void;
const told: (readonly FollowedPolicy[])[] = [];
const wrong = vi.fn();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parcours-policies-'));
  feed = await openControlFeed({ folder });
  told.length = 0;
  wrong.mockReset();
  stop = followPolicies({ feed, onPolicies: (published) => told.push(published), onWrong: wrong });
});
afterEach(async () => {
  stop();
  await feed.stop();
  await rm(folder, { recursive: true });
});

const publish = (policy: Policy) =>
  appendControl({
    ...{ folder, writer: 'cli' },
    decide: () => [{ kind: 'policy_published', version: policy.version, hash: policyHash(policy), policy }],
  });
const last = (): readonly string[] => (told.at(-1) ?? []).map(({ policy }) => policy.version);

test('tells the policies at once, and each time that one is published, the oldest first', async () => {
  expect(told).toEqual([[]]);
  const [first, second]: Policy[] = [
    { policy: 1, version: '2.0.0', rules: { choice_days: 90 } },
    { policy: 1, version: '1.5.0' },
  ];
  const [record] = await publish(first as Policy);
  await vi.waitUntil(() => last().length === 1, { timeout: 5_000 });
  expect(told.at(-1)).toEqual([{ policy: first, hash: policyHash(first as Policy), published_at: record?.at }]);
  await publish(second as Policy);
  await vi.waitUntil(() => last().length === 2, { timeout: 5_000 });
  expect(last()).toEqual(['2.0.0', '1.5.0']);
  expect(wrong).not.toHaveBeenCalled();
});

test('is not told again where something else was decided', async () => {
  await publish({ policy: 1, version: '1.0.0' });
  await vi.waitUntil(() => last().length === 1, { timeout: 5_000 });
  const times = told.length;
  const changed = vi.fn();
  // Called after whoever listened before.
  feed.onChange(changed);
  await appendControl({ folder, writer: 'cli', decide: () => [{ kind: 'key_revoked', key: 'k' }] });
  await vi.waitUntil(() => changed.mock.calls.length > 0, { timeout: 5_000 });
  expect(told).toHaveLength(times);
});

test('a policy of a later format is one that it cannot read: the one before it is in force no more', async () => {
  await publish({ policy: 1, version: '1.0.0' });
  await publish({ policy: 2, version: '2.0.0', zones: [] } as unknown as Policy);
  await vi.waitUntil(() => last().length === 2, { timeout: 5_000 });
  expect(resolveRules(told.at(-1)?.at(-1)?.policy as Policy, 'shop').purposes).toEqual({});
  expect(wrong).toHaveBeenCalledWith('2.0.0', expect.stringContaining('policy'));
});

test('under a policy that it cannot read nothing can be granted, and it says so once', async () => {
  const newer = { policy: 1, version: '3.0.0', rules: { audience_hours: 3 } } as Policy;
  await publish(newer);
  await vi.waitUntil(() => last().length === 1, { timeout: 5_000 });
  const [closed] = told.at(-1) as readonly [FollowedPolicy];
  expect(closed.hash).toBe(policyHash(newer));
  expect(resolveRules(closed.policy, 'shop').purposes).toEqual({});
  await publish({ policy: 1, version: '3.1.0' });
  await vi.waitUntil(() => last().length === 2, { timeout: 5_000 });
  expect(wrong).toHaveBeenCalledOnce();
  expect(wrong).toHaveBeenCalledWith('3.0.0', expect.stringContaining('audience_hours'));
});
