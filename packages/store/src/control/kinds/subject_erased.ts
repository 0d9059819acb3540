import { type Fields, firstFault, type Kind, listFault, textFault } from '../kind.ts';
import { type ControlRecord, compareRecords } from '../record.ts';
import { type PolicyState, tombstoneDays } from '../tombstone_days.ts';

/**
 * A person was erased: whatever names one of these ids is refused from now on, whatever time it tells, and goes from the
 * tables wherever it is loaded again. Nothing takes this back; it ends by itself after `tombstoneDays`.
 */
export interface SubjectErased extends ControlRecord {
  readonly kind: 'subject_erased';
  /** `erasedHash` of each id, at most `MAX_ERASED` in a record. */
  readonly hashes: readonly string[];
  /** Absent: on all sites. */
  readonly site?: string;
}

/** Hashes of one record, so that its line stays short. */
export const MAX_ERASED = 1_000;

export interface ErasedState {
  /** By the id of the record. */
  readonly records: Map<string, SubjectErased>;
  /** By hash: when it was erased, ms, on all sites (`*`) or on one. */
  readonly hashes: Map<string, ReadonlyMap<string, number>>;
}

const EVERYWHERE = '*';

const hashFault = ({ hashes }: Fields): string | undefined => {
  const list = hashes as readonly string[];
  if (list.length === 0 || list.length > MAX_ERASED) return `hashes must hold 1 to ${MAX_ERASED}`;
  return list.every((hash) => /^[0-9a-f]{32}$/.test(hash)) ? undefined : 'hashes must be 32 of 0-9 and a-f each';
};

export const subjectErased = {
  kind: 'subject_erased',
  fault: (fields) =>
    firstFault(
      listFault(fields, 'hashes') ?? hashFault(fields),
      fields.site === undefined ? undefined : textFault(fields, 'site'),
    ),
  empty: () => ({ records: new Map(), hashes: new Map() }),
  take({ records, hashes }, record) {
    const known = records.get(record.id);
    if (!known || compareRecords(record, known) < 0) records.set(record.id, record);
    const at = Date.parse(record.at);
    const site = record.site ?? EVERYWHERE;
    for (const hash of record.hashes) {
      const times: [string, number][] = [...(hashes.get(hash) ?? [])].filter(([name]) => name !== site);
      times.push([site, Math.max(at, hashes.get(hash)?.get(site) ?? at)]);
      hashes.set(hash, new Map(times.sort(byName)));
    }
  },
} satisfies Kind<'subject_erased', SubjectErased, ErasedState>;

const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : Number(a > b));

type Erased = PolicyState & { readonly subject_erased: Readonly<ErasedState> };

const DAY_MS = 86_400_000;

/** Tombstones from before this moment hold no more, ms since the epoch. */
export const tombstonesEnd = (state: PolicyState, now: number): number => now - tombstoneDays(state) * DAY_MS;

/** When an id was erased on a site, ms; undefined where it was not, or longer ago than a tombstone holds. */
export function erasedAt(
  state: Erased,
  { hash, site, now }: { hash: string; site: string; now: number },
): number | undefined {
  const times = state.subject_erased.hashes.get(hash);
  if (!times) return undefined;
  const at = Math.max(times.get(EVERYWHERE) ?? 0, times.get(site) ?? 0);
  return at > tombstonesEnd(state, now) ? at : undefined;
}

/** Whether anybody was erased at all: nearly always nobody was, and then nothing has to be hashed. */
export const hasErased = ({ subject_erased }: Pick<Erased, 'subject_erased'>): boolean =>
  subject_erased.hashes.size > 0;

/** The tombstones that still hold, oldest first. */
export function erasuresOf(state: Erased, now: number): readonly SubjectErased[] {
  const end = tombstonesEnd(state, now);
  return [...state.subject_erased.records.values()].filter(({ at }) => Date.parse(at) > end).sort(compareRecords);
}
