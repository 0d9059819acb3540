import { expect, test } from 'vitest';
import { controlFault, parseControl } from './parse.ts';

const head = { v: 1, id: 'b5c0e5a0-0000-4000-8000-000000000000', at: '2026-11-22T10:00:00.000Z' };
const key = { ...head, kind: 'key_created', key: 'k1', use: 'server', site: 'shop', hash: 'a'.repeat(43) };
const policy = {
  ...head,
  ...{ kind: 'policy_published', version: '1.0.0', hash: 'h'.repeat(22), policy: { policy: 1, version: '1.0.0' } },
};

test.each<[unknown, string]>([
  [null, 'a control record must be an object'],
  [[], 'a control record must be an object'],
  [{ ...head, v: 2, kind: 'key_revoked', key: 'k' }, 'v must be 1'],
  [{ ...head }, 'kind must be a text'],
  [{ ...head, kind: 'x', id: '' }, 'id must be a text'],
  [{ ...head, kind: 'x', at: '2026-11-22' }, 'at must be a time'],
  [{ ...head, kind: 'x', at: '2026-13-22T10:00:00.000Z' }, 'at must be a time'],
  [{ ...head, kind: 'key_revoked' }, 'key_revoked: key must be a text'],
  [{ ...head, kind: 'key_expires', key: 'k', expires_at: 12 }, 'key_expires: expires_at must be a time'],
  [{ ...head, kind: 'site_removed', site: 1 }, 'site_removed: site must be a text'],
  [{ ...head, kind: 'site_added', site: 's', origins: 'https://a.example' }, 'site_added: origins must be a list'],
  [{ ...key, use: 'other' }, 'key_created: use must be one of public, server, console'],
  [{ ...key, hash: 'sk_plain' }, 'key_created: hash must be 32 bytes'],
  [{ ...key, use: 'public' }, 'key_created: public_key must be a text'],
  [{ ...key, use: 'console', role: 'root' }, 'key_created: role must be one of admin, analyst, privacy'],
  [{ ...head, kind: 'failures_settled', failed_ids: 'x', as: 'purged' }, 'failures_settled: failed_ids must be a list'],
  [{ ...head, kind: 'failures_settled', failed_ids: [], as: 'lost' }, 'failures_settled: as must be one of'],
  [
    { ...head, kind: 'failures_settled', failed_ids: Array(1001).fill('x'), as: 'purged' },
    'failures_settled: failed_ids must hold at most 1000',
  ],
  [{ ...head, kind: 'failures_purged' }, 'failures_purged: before must be a time'],
  [{ ...head, kind: 'failures_purged', before: head.at, code: '' }, 'failures_purged: code must be a text'],
  [{ ...policy, version: '' }, 'policy_published: version must be a text'],
  [{ ...policy, hash: 'x' }, 'policy_published: hash must be 22 characters'],
  [{ ...policy, policy: [] }, 'policy_published: policy must be an object'],
  [{ ...policy, policy: { policy: '1', version: '1.0.0' } }, 'policy_published: policy.policy must be a whole number'],
  [{ ...policy, policy: { policy: 1, version: '2.0.0' } }, 'policy_published: policy.version must be the version'],
  [{ ...key, expires_at: 'soon' }, 'key_created: expires_at must be a time'],
])('the guard names what is wrong with %j', (record, message) => {
  expect(controlFault(record)).toContain(message);
  expect(controlFault(record)).not.toContain('sk_plain');
});

test('a kind of a newer program passes, and so does a field more', () => {
  expect(controlFault({ ...head, kind: 'of_a_newer_program', policy: {} })).toBeUndefined();
  expect(controlFault({ ...key, note: 'till' })).toBeUndefined();
  // Else the policy before it would stay in force.
  expect(controlFault({ ...policy, policy: { policy: 2, version: '1.0.0', zones: [] } })).toBeUndefined();
});

test('what is no JSON is named too', () => {
  expect(parseControl(Buffer.from('{'))).toBe('a control record must be JSON');
});
