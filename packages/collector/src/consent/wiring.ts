import { hkdfSync } from 'node:crypto';
import type { Withdrawals } from '@parcours/protocol';
import { createMemoryReceipts, type Receipts } from '@parcours/store/receipts';
import type { NewWithdrawal } from './withdrawals.ts';

/** Where a collector keeps what proves a choice, and what it shares with others. */
export interface ConsentOptions {
  /**
   * Keys the ids of receipts; at least 32 bytes, the same for every collector of a shop, and for good: with another one no
   * receipt of before is known. Default: derived from `cookieSecret`.
   */
  readonly receiptKey?: Uint8Array;
  /**
   * Where receipts become durable. Default: in memory, for tests and trials. That proves nothing after the process has ended, and
   * holds some 40,000 choices: beyond it whoever chooses anew gets 503. `openReceipts` of `@parcours/store/receipts` is for shops.
   */
  readonly receipts?: Pick<Receipts, 'append'>;
  /** Records a withdrawal for every collector of the shop, durably. Default: it is known here alone. */
  readonly recordWithdrawal?: (withdrawal: NewWithdrawal) => Promise<void>;
  /** What was recorded of a site's subject, by whichever collector. Asked for every batch, so it must answer from memory. */
  readonly withdrawalsOf?: (site: string, subject: string) => Withdrawals | undefined;
  /** Whether a hash (`erasedHash` under `receiptKey`) is of an id that was erased on a site. Must answer from memory. Default: none is. */
  readonly isErased?: (site: string, hash: string) => boolean;
  /** Whether anybody was erased at all: while nobody was, nothing is hashed. Default: nobody. */
  readonly hasErased?: () => boolean;
}

export interface ConsentWiring extends Required<ConsentOptions> {}

export const wireConsent = (options: ConsentOptions, cookieSecret: Uint8Array): ConsentWiring => ({
  receiptKey: options.receiptKey ?? receiptKeyOf(cookieSecret),
  receipts: options.receipts ?? createMemoryReceipts(),
  recordWithdrawal: options.recordWithdrawal ?? (async () => undefined),
  withdrawalsOf: options.withdrawalsOf ?? (() => undefined),
  isErased: options.isErased ?? (() => false),
  hasErased: options.hasErased ?? (() => false),
});

/** A key of its own from the secret of the cookies. */
const receiptKeyOf = (cookieSecret: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', cookieSecret, '', 'parcours receipts', 32));
