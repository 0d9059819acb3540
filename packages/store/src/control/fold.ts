import type { Kind } from './kind.ts';
import { type ControlState, KINDS, type KindName, type KnownRecord } from './kinds/index.ts';
import type { ControlRecord } from './record.ts';

/** The state of all records taken so far. */
export interface ControlFold {
  readonly state: ControlState;
  /** Takes a checked record; false where its kind is not known here, so that nothing changes. */
  take(record: ControlRecord): boolean;
  /** Lets go of what has ended, where the fold has a clock. */
  forget(): void;
}

/**
 * Folds records as they come, in any order and however often: the same set gives the same state.
 *
 * @param now ms since the epoch, for folds that live long: what has ended is not held. Default: everything is.
 */
export function createControlFold(now?: () => number): ControlFold {
  const state = Object.fromEntries(Object.entries(KINDS).map(([name, { empty }]) => [name, empty()])) as ControlState;
  return {
    state,
    take(record) {
      if (!isKnownKind(record.kind)) return false;
      // Each kind has its own state: the types of one pair are told apart by its name, which is in the record.
      const { take } = KINDS[record.kind] as Kind<string, ControlRecord, unknown>;
      take(state[record.kind], record, now?.());
      return true;
    },
    forget() {
      if (!now) return;
      for (const [name, { forget }] of Object.entries(KINDS as Record<string, Kind<string, ControlRecord, unknown>>)) {
        forget?.(state[name as KindName], now());
      }
    },
  };
}

/** The state of a set of records. Pure. */
export function foldControl(records: Iterable<ControlRecord>): ControlState {
  const fold = createControlFold();
  for (const record of records) fold.take(record);
  return fold.state;
}

export const isKnownKind = (kind: string): kind is KindName & KnownRecord['kind'] => Object.hasOwn(KINDS, kind);
