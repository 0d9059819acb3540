import { receiptIdOf, subjectOf } from './ids.ts';
import type { NewReceipt } from './receipt.ts';

const KEY = new Uint8Array(32).fill(7);

/** A receipt for tests: the choice of one visitor, by number. */
export function testReceipt(n: number, changed: Partial<NewReceipt> = {}): NewReceipt {
  const subject = subjectOf(KEY, changed.site ?? 'shop-fr', `visitor-${n}`);
  const chosen_at = new Date(Date.parse('2026-11-22T10:00:00.000Z') + n * 1000).toISOString();
  const granted = changed.purposes?.granted ?? ['audience'];
  return {
    receipt_id: receiptIdOf(KEY, { subject, at: chosen_at, purposes: granted, source: 'manual' }),
    site: 'shop-fr',
    subject,
    action: 'grant',
    purposes: { granted, denied: ['ads_measurement'] },
    source: 'manual',
    sdk: '0.1.0',
    policy_hash: 'cG9saWN5LWhhc2gtMjItYy',
    language: 'fr-FR',
    country: 'FR',
    gpc: false,
    chosen_at,
    received_at: chosen_at,
    expires_at: new Date(Date.parse(chosen_at) + 182 * 86_400_000).toISOString(),
    ...changed,
  };
}
