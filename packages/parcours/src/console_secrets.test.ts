import { foldControl, type KnownRecord, secretHash } from '@parcours/store/control';
import { expect, test } from 'vitest';
import { createConsoleSecrets } from './console_secrets.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const pepper = 'p'.repeat(43);
const admin = 'a'.repeat(43);
let ids = 0;
const head = (at = NOW - 10) => ({ v: 1, id: `id-${++ids}`, at: new Date(at).toISOString() }) as const;
const made = (key: string, role: string, more: object = {}): KnownRecord =>
  ({
    ...{ ...head(), kind: 'key_created', key, use: 'console', role },
    ...{ hash: secretHash(Buffer.from(pepper, 'base64url'), `pc_${key}`), ...more },
  }) as KnownRecord;

const records = [
  made('k_1', 'analyst'),
  made('k_2', 'privacy'),
  made('k_3', 'admin', { expires_at: new Date(NOW).toISOString() }),
  { ...head(NOW), kind: 'key_revoked', key: 'k_2' } as KnownRecord,
  made('k_4', 'analyst', { use: 'server', site: 'shop' }),
];
const secrets = createConsoleSecrets({ admin, pepper, control: () => foldControl(records), now: () => NOW });

test.each([
  [admin, { id: 'local', role: 'admin' }],
  ['pc_k_1', { id: 'k_1', role: 'analyst' }],
  ['pc_k_2', undefined],
  ['pc_k_3', undefined],
  ['pc_k_4', undefined],
  ['', undefined],
  [admin.slice(1), undefined],
])('knows whose %s is', (secret, holder) => {
  expect(secrets.holderOf(secret)).toEqual(holder);
  if (holder) expect(secrets.holderWithId(holder.id)).toEqual(holder);
});

test('knows no holder by the id of a key that ended, or of a server', () => {
  expect(['k_2', 'k_3', 'k_4', 'none'].map((id) => secrets.holderWithId(id))).toEqual(Array(4).fill(undefined));
});

test('knows nobody else under another pepper', () => {
  const others = createConsoleSecrets({
    admin,
    pepper: 'q'.repeat(43),
    control: () => foldControl(records),
    now: () => NOW,
  });
  expect(others.holderOf('pc_k_1')).toBeUndefined();
  expect(others.holderOf(admin)).toEqual({ id: 'local', role: 'admin' });
});
