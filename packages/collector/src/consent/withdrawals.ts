import type { Purpose, Withdrawals, Withdrawn } from '@parcours/protocol';
import { createRecentlyUsed } from '../recently_used.ts';

/** A withdrawal as every collector of a shop must learn it. */
export interface NewWithdrawal {
  readonly site: string;
  /** Whose: `subjectOf` the visitor. */
  readonly subject: string;
  /** Absent: everything. */
  readonly purposes?: readonly Purpose[];
  /** By the clock that dates the visitor's choices. UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`. */
  readonly withdrawn_at: string;
}

/** What was withdrawn, as far as this collector knows: what it received itself, and what it follows of the others. */
export interface KnownWithdrawals {
  of(site: string, subject: string): Withdrawals | undefined;
  add(withdrawal: NewWithdrawal): void;
}

/** Whether a visitor took everything back, or what everything else needs: then the id goes too. */
export const takesAll = (withdrawn: Withdrawn | undefined): boolean =>
  withdrawn !== undefined && (withdrawn.purposes === undefined || withdrawn.purposes.includes('audience'));

/** When the latest of a batch's choices was made, ms; before all time where none says so. */
export const latestChoice = (stamps: readonly unknown[]): number =>
  Math.max(
    ...stamps.map((stamp) => Date.parse(`${(Object(stamp) as { at?: unknown }).at}`) || Number.NEGATIVE_INFINITY),
  );

/** Whether who chose then has since taken everything back, or what everything else needs. */
export const hasLeft = (known: Withdrawals | undefined, chosenAt: number): boolean =>
  [known?.['*'], known?.audience].some((at) => at !== undefined && at >= chosenAt);

/** Withdrawals of its own that a collector remembers at least, some 20 MB at most: what it follows has them all. */
const REMEMBERED = 50_000;

/** @param followed what other collectors recorded, and this one too, a moment later */
export function createWithdrawals(
  followed: (site: string, subject: string) => Withdrawals | undefined,
): KnownWithdrawals {
  const own = createRecentlyUsed<Withdrawals>(REMEMBERED);
  return {
    of: (site, subject) => latest(own.get(subject), followed(site, subject)),
    add({ subject, purposes, withdrawn_at }) {
      const at = Date.parse(withdrawn_at);
      const added = Object.fromEntries((purposes ?? ['*']).map((purpose) => [purpose, at])) as Withdrawals;
      own.set(subject, latest(own.get(subject), added) as Withdrawals);
    },
  };
}

/** Of two that tell of the same visitor, the later time of each purpose. */
function latest(a: Withdrawals | undefined, b: Withdrawals | undefined): Withdrawals | undefined {
  if (!a || !b) return a ?? b;
  const both: { [purpose in Purpose | '*']?: number | undefined } = { ...a };
  for (const purpose of Object.keys(b) as (Purpose | '*')[]) {
    both[purpose] = Math.max(both[purpose] ?? Number.NEGATIVE_INFINITY, b[purpose] ?? Number.NEGATIVE_INFINITY);
  }
  return both;
}
