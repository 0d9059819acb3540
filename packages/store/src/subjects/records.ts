import { type WithdrawnPurposes, withdrawnOf } from '../control/kinds/consent_withdrawn.ts';
import type { ControlState } from '../control/kinds/index.ts';
import type { SubjectErased } from '../control/kinds/subject_erased.ts';
import { erasedHash, type SubjectId } from '../control/subject_ids.ts';
import { subjectOf } from '../receipts/ids.ts';
import { readReceipts } from '../receipts/read.ts';
import type { Receipt } from '../receipts/receipt.ts';
import type { AskedSubject } from './asked.ts';

/** What is held of somebody outside of the tables. */
export interface SubjectRecords {
  readonly receipts: readonly Receipt[];
  readonly withdrawals: readonly { readonly site: string; readonly withdrawn_at: WithdrawnPurposes }[];
  /** Tombstones that name one of their ids. */
  readonly erasures: readonly SubjectErased[];
}

/** Receipts and control records hold keyed hashes alone, which are made anew of the ids, one a visitor and site. */
export async function ofSubject({
  ids,
  asked,
  state,
  receipts: folder,
  key,
}: {
  readonly ids: readonly SubjectId[];
  readonly asked: AskedSubject;
  readonly state: ControlState;
  readonly receipts: string;
  readonly key: Uint8Array;
}): Promise<SubjectRecords> {
  const { site: only } = asked;
  const visitors = ids.filter(({ kind }) => kind === 'visitor').map(({ value }) => value);
  const bySite = new Map<string, ReadonlySet<string>>();
  const subjectsOn = (site: string): ReadonlySet<string> => {
    const known = bySite.get(site) ?? new Set(visitors.map((visitor) => subjectOf(key, site, visitor)));
    bySite.set(site, known);
    return known;
  };
  const receipts: Receipt[] = [];
  for await (const { receipt } of readReceipts(folder, { site: only })) {
    const isAsked = asked.by === 'receipt' && receipt.receipt_id === asked.value;
    if (isAsked || (visitors.length > 0 && subjectsOn(receipt.site).has(receipt.subject))) receipts.push(receipt);
  }
  const withdrawals = [...state.consent_withdrawn.keys()]
    .filter((site) => only === undefined || site === only)
    .flatMap((site) =>
      [...subjectsOn(site)].flatMap((subject) => {
        const withdrawn_at = withdrawnOf(state, site, subject);
        return withdrawn_at ? [{ site, withdrawn_at }] : [];
      }),
    );
  const hashes = new Set(ids.map((id) => erasedHash(key, id)));
  const erasures = [...state.subject_erased.records.values()].filter((record: SubjectErased) =>
    record.hashes.some((hash: string) => hashes.has(hash)),
  );
  return { receipts, withdrawals, erasures };
}
