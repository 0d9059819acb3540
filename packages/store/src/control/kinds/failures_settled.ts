import { choiceFault, type Fields, firstFault, type Kind, listFault } from '../kind.ts';
import { type ControlRecord, compareRecords } from '../record.ts';

/** How a failure was settled: judged again and stored or left out by consent, or thrown away. */
export const SETTLEMENTS = ['replayed', 'filtered', 'purged'] as const;
export type Settlement = (typeof SETTLEMENTS)[number];

/** Failed items that need nobody's care any more: they leave the table `failed` and stay away. Nothing takes this back. */
export interface FailuresSettled extends ControlRecord {
  readonly kind: 'failures_settled';
  /** Ids of rows of `failed`, at most `MAX_SETTLED` in a record. */
  readonly failed_ids: readonly string[];
  readonly as: Settlement;
}

/** Ids of one record, so that its line stays short. */
export const MAX_SETTLED = 1_000;

const countFault = ({ failed_ids }: Fields): string | undefined =>
  (failed_ids as readonly string[]).length <= MAX_SETTLED ? undefined : `failed_ids must hold at most ${MAX_SETTLED}`;

/** Of the records that settle one failure the first counts. */
export const failuresSettled = {
  kind: 'failures_settled',
  fault: (fields) =>
    firstFault(choiceFault(fields, 'as', SETTLEMENTS), listFault(fields, 'failed_ids') ?? countFault(fields)),
  empty: () => new Map(),
  take(state, record) {
    for (const id of record.failed_ids) {
      const known = state.get(id);
      if (known === undefined || compareRecords(record, known) < 0) state.set(id, record);
    }
  },
} satisfies Kind<'failures_settled', FailuresSettled, Map<string, FailuresSettled>>;
