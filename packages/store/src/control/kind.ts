import { type ControlRecord, compareRecords, isTime } from './record.ts';

/**
 * One kind of control record: what it must hold, and how its records fold into state.
 *
 * Folding must not depend on the order of the records, nor on how often each comes: every writer has a log of its own, and
 * nobody sequences them. `firstOf` and `latestOf` are such folds.
 */
export interface Kind<Name extends string, R extends ControlRecord, State> {
  readonly kind: Name;
  /** What is wrong with a record of this kind, as `<field> <rule>`; undefined where nothing is. */
  readonly fault: (fields: Fields) => string | undefined;
  /** The state of no records. */
  readonly empty: () => State;
  /** Takes a record into a state; with `now`, ms since the epoch, one that has ended by then need not be held. */
  take(state: State, record: R, now?: number): void;
  /** Lets go of what has ended. Absent: records of this kind have no end. */
  readonly forget?: (state: State, now: number) => void;
}

/** A record as it was read, before anything is known of it. */
export type Fields = Readonly<Record<string, unknown>>;

export type BySubject<R> = Map<string, R>;

interface Fold<R> {
  readonly empty: () => BySubject<R>;
  readonly take: (state: BySubject<R>, record: R) => void;
}

/** Of the records about one subject the one that was decided first counts. */
export const firstOf = <R extends ControlRecord>(subjectOf: (record: R) => string): Fold<R> =>
  chosen(subjectOf, (a, b) => compareRecords(a, b) < 0);

/** Of the records about one subject the one that was decided last counts. */
export const latestOf = <R extends ControlRecord>(subjectOf: (record: R) => string): Fold<R> =>
  chosen(subjectOf, (a, b) => compareRecords(a, b) > 0);

/** Of the records about one subject that counts which goes before the others by a total order. */
export function chosen<R>(subjectOf: (record: R) => string, goesBefore: (a: R, b: R) => boolean): Fold<R> {
  return {
    empty: () => new Map(),
    take(state, record) {
      const subject = subjectOf(record);
      const known = state.get(subject);
      if (known === undefined || goesBefore(record, known)) state.set(subject, record);
    },
  };
}

/** Runs checks of fields until one fails. */
export const firstFault = (...faults: readonly (string | undefined)[]): string | undefined =>
  faults.find((fault) => fault !== undefined);

const TEXT_CHARS = 2_000;

export const textFault = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  return typeof value === 'string' && value !== '' && value.length <= TEXT_CHARS
    ? undefined
    : `${name} must be a text of 1 to ${TEXT_CHARS} characters`;
};

export const timeFault = (fields: Fields, name: string): string | undefined =>
  isTime(fields[name]) ? undefined : `${name} must be a time such as 2026-11-22T10:00:00.000Z`;

export const listFault = (fields: Fields, name: string): string | undefined => {
  const value = fields[name];
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
    ? undefined
    : `${name} must be a list of texts`;
};

export const choiceFault = (fields: Fields, name: string, choices: readonly string[]): string | undefined =>
  choices.includes(fields[name] as string) ? undefined : `${name} must be one of ${choices.join(', ')}`;
