import { createHash, createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { publicKeyOf, publicKeyPem, publicKeyText, signingKeyOf } from './keys.ts';
import { createMemoryReceipts } from './memory.ts';
import type { NewReceipt, Receipt } from './receipt.ts';
import { testReceipt } from './testing.ts';

const SEED = new Uint8Array(32).fill(3);

/** As a third party would: nothing of ours but the words of the format. */
function hashOf({ signature: _, ...record }: Receipt): Buffer {
  const canonical = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const fields = value as Record<string, unknown>;
    return `{${Object.keys(fields)
      .sort()
      .map((name) => `${JSON.stringify(name)}:${canonical(fields[name])}`)}}`;
  };
  return createHash('sha256').update(canonical(record)).digest();
}

test('each record names the one before it and is signed', async () => {
  const receipts = createMemoryReceipts({ signingSeed: SEED });
  await Promise.all([1, 2, 3].map((n) => receipts.append(testReceipt(n))));
  await receipts.append(testReceipt(4, { legal_basis: { audience: 'consent' }, consent_string: 'CPé"\n' }));
  const records = receipts.records();
  expect(records.map(({ receipt_id }) => receipt_id)).toEqual([1, 2, 3, 4].map((n) => testReceipt(n).receipt_id));
  const key = createPublicKey(publicKeyPem(signingKeyOf(SEED)));
  let previous: string | null = null;
  for (const record of records) {
    expect(record.previous).toBe(previous);
    expect(verify(null, hashOf(record), key, Buffer.from(record.signature, 'base64url'))).toBe(true);
    previous = hashOf(record).toString('base64url');
  }
  expect(receipts.stats()).toEqual({ appended: 4, repeated: 0, failed: 0, waiting: 0, writable: true, head: previous });
});

test('a choice that is told again is one receipt, also while the first waits', async () => {
  const receipts = createMemoryReceipts();
  await Promise.all([receipts.append(testReceipt(1)), receipts.append(testReceipt(1))]);
  await receipts.append({ ...testReceipt(1), received_at: '2026-11-23T10:00:00.000Z' });
  await receipts.append(testReceipt(1, { action: 'withdraw' }));
  expect(receipts.records().map(({ action }) => action)).toEqual(['grant', 'withdraw']);
  expect(receipts.stats()).toMatchObject({ appended: 2, repeated: 2 });
});

test('holds what is known of a receipt and nothing else', async () => {
  const receipts = createMemoryReceipts();
  await receipts.append({ ...testReceipt(1), ip: '203.0.113.7', userAgent: 'Mozilla' } as NewReceipt);
  expect(JSON.stringify(receipts.records())).not.toMatch(/203|Mozilla/);
});

test('half a surrogate pair is told as U+FFFD', async () => {
  const receipts = createMemoryReceipts();
  await receipts.append(testReceipt(1, { consent_string: 'a\ud800b' }));
  expect(receipts.records()[0]?.consent_string).toBe('a\ufffdb');
});

test('refuses a receipt that is too long, one more than it may hold, and any after its close', async () => {
  const receipts = createMemoryReceipts({ maxBytes: 1_500 });
  await expect(receipts.append(testReceipt(1, { consent_string: 'x'.repeat(65_536) }))).rejects.toThrow(
    '[receipts] a receipt must have at most 65536 bytes',
  );
  await receipts.append(testReceipt(2));
  await expect(receipts.append(testReceipt(3, { consent_string: 'x'.repeat(800) }))).rejects.toMatchObject({
    code: 'overloaded',
  });
  expect(receipts.stats()).toMatchObject({ appended: 1, failed: 1, writable: false });
  await receipts.append(testReceipt(4));
  const [first, second] = receipts.records();
  expect(second?.previous).toBe(hashOf(first as Receipt).toString('base64url'));
  await receipts.close();
  await expect(receipts.append(testReceipt(5))).rejects.toMatchObject({ code: 'closed' });
});

test('a public key goes from text to key and back, and what is none is refused', () => {
  const text = publicKeyText(signingKeyOf(SEED));
  expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(publicKeyText(signingKeyOf(SEED))).toBe(text);
  expect(publicKeyOf(text).export({ format: 'jwk' })).toEqual({ kty: 'OKP', crv: 'Ed25519', x: text });
  expect(() => publicKeyOf('abc')).toThrow('[receipts] a public key must be 32 bytes in base64url, 43 characters');
  expect(() => signingKeyOf(new Uint8Array(31))).toThrow('32 bytes, not 31');
});
