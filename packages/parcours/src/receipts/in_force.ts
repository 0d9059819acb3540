import type { FoundReceipt, Receipt } from '@parcours/store/receipts';

/** A grant as it stood on a day, with the purposes that it still permitted when the day began. */
export interface InForce {
  readonly purposes: readonly string[];
}

/** What is held of each choice: some hundred bytes, for there may be hundreds of thousands. */
interface Choice {
  readonly id: string;
  readonly at: number;
  readonly seq: number;
  readonly isGrant: boolean;
  readonly ends: number;
  readonly purposes: readonly string[];
}

/**
 * Which receipts were in force on a day, for an audit of it: chosen before the day ended, and when it began neither expired,
 * nor followed by another choice of the same visitor, nor taken back whole. All that was chosen on the day itself was in
 * force on it. By the times of the choices, as events are judged.
 *
 * @param receipts every receipt, of all writers in any order
 * @param day      its first moment and the first of the next, ms since the epoch
 * @returns the grants by `receipt_id`
 */
export async function receiptsInForce(
  receipts: AsyncIterable<Pick<FoundReceipt, 'receipt'>>,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ReadonlyMap<string, InForce>> {
  const bySubject = new Map<string, Choice[]>();
  for await (const { receipt } of receipts) {
    const choice = choiceOf(receipt);
    if (choice.at >= to) continue;
    const choices = bySubject.get(receipt.subject);
    if (choices) choices.push(choice);
    else bySubject.set(receipt.subject, [choice]);
  }
  const found = new Map<string, InForce>();
  for (const choices of bySubject.values()) {
    const before = choices.filter(({ at }) => at < from).sort(byTime);
    const standing = before.findLast(({ isGrant }) => isGrant);
    const candidates = [...(standing ? [standing] : []), ...choices.filter(({ at, isGrant }) => at >= from && isGrant)];
    for (const grant of candidates) {
      if (grant.ends <= from) continue;
      const taken = new Set(
        before.filter(({ isGrant, at }) => !isGrant && at >= grant.at).flatMap(({ purposes }) => purposes),
      );
      const purposes = grant.purposes.filter((purpose) => !taken.has(purpose));
      if (purposes.length > 0) found.set(grant.id, { purposes });
    }
  }
  return found;
}

const choiceOf = ({ receipt_id, action, purposes, chosen_at, expires_at, seq }: Receipt): Choice => ({
  id: receipt_id,
  at: Date.parse(chosen_at),
  seq,
  isGrant: action === 'grant',
  ends: expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires_at),
  purposes: action === 'grant' ? purposes.granted : purposes.denied,
});

const byTime = (a: Choice, b: Choice): number => a.at - b.at || a.seq - b.seq;
