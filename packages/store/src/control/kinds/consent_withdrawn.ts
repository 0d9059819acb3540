import { LIMITS } from '@parcours/protocol';
import { type Fields, firstFault, type Kind, textFault, timeFault } from '../kind.ts';
import type { ControlRecord } from '../record.ts';

/** A visitor took back a choice: whatever was chosen at that moment or before no longer holds. A later choice does. */
export interface ConsentWithdrawn extends ControlRecord {
  readonly kind: 'consent_withdrawn';
  readonly site: string;
  /** Keyed hash of site and visitor: `subjectOf` of `@parcours/store/receipts`. */
  readonly subject: string;
  /** Absent: everything. */
  readonly purposes?: readonly string[];
  /** By the clock that dates the visitor's choices. */
  readonly withdrawn_at: string;
}

/** The latest withdrawal of everything (`*`) or of a purpose, ms since the epoch. */
export type WithdrawnPurposes = Readonly<Record<string, number>>;

/**
 * Days that whoever follows holds a withdrawal, from when it was recorded: no choice stands for more than 395 days in any
 * country (`choice_days`), and no event is sent later than 8 days after its own time. What was chosen before is expired then.
 */
export const WITHDRAWN_DAYS = 395 + LIMITS.backdateDays;

const DAY_MS = 86_400_000;
const HELD_MS = WITHDRAWN_DAYS * DAY_MS;

interface Held {
  readonly purposes: WithdrawnPurposes;
  /** Its days begin here, ms: by the clock of whoever recorded it, or that of the visitor where that one is ahead. */
  readonly since: number;
}

interface OfSite {
  /**
   * Of the many who take back everything, and whose clock is right, only the moment is held: some 100 bytes each, for there
   * may be hundreds of thousands.
   */
  readonly subjects: Map<string, number | Held>;
  /** What holds for everybody: whose withdrawals were until then is not known any more. Absent: nothing was forgotten. */
  forgotten?: { readonly '*': number };
}

/** By site. */
export type WithdrawnState = Map<string, OfSite>;

const MAX_PURPOSES = 32;
const EVERYTHING = '*';

function purposesFault({ purposes }: Fields): string | undefined {
  if (purposes === undefined) return undefined;
  const isRight =
    Array.isArray(purposes) &&
    purposes.length > 0 &&
    purposes.length <= MAX_PURPOSES &&
    purposes.every((purpose) => typeof purpose === 'string' && purpose !== '' && purpose.length <= 200);
  return isRight ? undefined : `purposes must be a list of 1 to ${MAX_PURPOSES} texts`;
}

/** Per site, subject and purpose the latest counts. */
export const consentWithdrawn = {
  kind: 'consent_withdrawn',
  fault: (fields) =>
    firstFault(
      textFault(fields, 'site'),
      textFault(fields, 'subject'),
      purposesFault(fields),
      timeFault(fields, 'withdrawn_at'),
    ),
  empty: () => new Map(),
  take(state, { at, site, subject, purposes = [EVERYTHING], withdrawn_at }, now) {
    const known = state.get(site) ?? { subjects: new Map<string, number | Held>() };
    state.set(site, known);
    const withdrawnAt = Date.parse(withdrawn_at);
    const since = sinceOf(withdrawnAt, Date.parse(at));
    if (isOver(since, now)) return forget(known, { at: withdrawnAt, since });
    const held = heldOf(known.subjects.get(subject));
    const next = new Map(Object.entries(held?.purposes ?? {}));
    for (const purpose of purposes) next.set(purpose, Math.max(withdrawnAt, next.get(purpose) ?? withdrawnAt));
    known.subjects.set(subject, packed(next, Math.max(since, held?.since ?? since)));
  },
  forget(state, now) {
    for (const known of state.values()) {
      for (const [subject, packed] of known.subjects) {
        const { purposes, since } = heldOf(packed);
        if (!isOver(since, now)) continue;
        known.subjects.delete(subject);
        for (const at of Object.values(purposes)) forget(known, { at, since });
      }
    }
  },
} satisfies Kind<'consent_withdrawn', ConsentWithdrawn, WithdrawnState>;

/**
 * A day later than the visitor's own clock at least, so that one number holds both where the two clocks nearly agree. A clock
 * that is far ahead holds its record no longer than twice as long.
 */
const sinceOf = (withdrawnAt: number, recordedAt: number): number =>
  Math.min(Math.max(withdrawnAt + DAY_MS, recordedAt), recordedAt + HELD_MS);

const isOver = (since: number, now: number | undefined): boolean => now !== undefined && now - since > HELD_MS;

/**
 * Whoever chose by then may have taken it back: refused, whatever clock dated it, since nobody can say any more. It lies more
 * than `WITHDRAWN_DAYS` back, even where a clock was far ahead: else one visitor could stop all others.
 */
function forget(known: OfSite, { at, since }: { readonly at: number; readonly since: number }): void {
  const until = Math.min(at, since);
  known.forgotten = { [EVERYTHING]: Math.max(until, known.forgotten?.[EVERYTHING] ?? until) };
}

function packed(purposes: ReadonlyMap<string, number>, since: number): number | Held {
  const everything = purposes.get(EVERYTHING);
  const isMoment = everything !== undefined && purposes.size === 1 && since === everything + DAY_MS;
  return isMoment ? everything : { purposes: Object.fromEntries([...purposes].sort()), since };
}

function heldOf(packed: number | Held): Held;
function heldOf(packed: number | Held | undefined): Held | undefined;
function heldOf(packed: number | Held | undefined): Held | undefined {
  return typeof packed === 'number' ? { purposes: { [EVERYTHING]: packed }, since: packed + DAY_MS } : packed;
}

type Withdrawn = { readonly consent_withdrawn: Readonly<WithdrawnState> };

/** When anybody on a site took anything back last, ms since the epoch; undefined where nobody did. */
export function lastWithdrawnAt(state: Withdrawn, site: string): number | undefined {
  const known = state.consent_withdrawn.get(site);
  let last: number | undefined = known?.forgotten?.[EVERYTHING];
  for (const packed of known?.subjects.values() ?? []) {
    for (const at of Object.values(heldOf(packed).purposes)) last = Math.max(at, last ?? at);
  }
  return last;
}

/**
 * What one visitor took back, by purpose; undefined where nothing. Where withdrawals of the site were forgotten, it may be
 * that everything was, until the latest of them.
 */
export function withdrawnOf(state: Withdrawn, site: string, subject: string): WithdrawnPurposes | undefined {
  const known = state.consent_withdrawn.get(site);
  if (!known) return undefined;
  const purposes = heldOf(known.subjects.get(subject))?.purposes;
  if (!purposes || !known.forgotten) return purposes ?? known.forgotten;
  return { ...purposes, [EVERYTHING]: Math.max(known.forgotten[EVERYTHING], purposes[EVERYTHING] ?? 0) };
}
