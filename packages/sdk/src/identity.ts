import type { NewId } from './event_id.ts';
import type { Scope } from './scope.ts';

/** The ids of one browser on one site, as they stand in localStorage. */
export interface Ids {
  readonly visitor_id: string;
  /** First issue of the visitor's id, ms since the epoch: never extended. */
  readonly since: number;
  readonly session_id: string;
  /** Last event, ms since the epoch, give or take {@link WRITE_EVERY_MS}. */
  readonly active: number;
  /** The campaign that began the session. */
  readonly campaign?: string | undefined;
  /** The visitor was reset, and the collector does not know yet. */
  readonly rotate?: true | undefined;
}

/** Who visits, as far as this browser knows. Call nothing but `reset` without a grant: the rest touches storage. */
export interface Identity {
  /** The ids that stand; new ones where there are none, they are too old, or a reset was asked for. */
  current(): Ids;
  /** The ids for an event at a time, in a new session where it begins one. `campaign`: the view's own. */
  touch(at: number, campaign: string | undefined): Ids;
  /** The collector took a batch that spoke of these ids; its reply may name an older visitor to go on with. */
  acknowledged(sent: Ids, better: string | undefined): void;
  /** A new visitor from the next use on. */
  reset(): void;
  /** Whether what this page had stored or found was erased or replaced by another page, as after a withdrawal. */
  isGone(): boolean;
  /** Forgets the ids, here and on the device; `own`: unless another page has stored newer ones since. */
  forget(own: boolean): void;
}

/** 13 months from first issue (CNIL guidelines 2020-091, art. 5), as the collector's cookie. */
const VISITOR_MS = 395 * 86_400_000;
/** Silence that ends a session: the convention of GA4 and most of the field. */
const SESSION_MS = 30 * 60_000;
/** A session's end may be this much off: spares a write an event. */
const WRITE_EVERY_MS = 10_000;

/** One visitor id per site in localStorage under `key`, shared by its tabs; in memory alone where storage is blocked. */
export function createIdentity(key: string, newId: NewId, scope: Scope): Identity {
  let memory: Ids | undefined;
  let isStored = false;
  let isReset = false;
  let lookedAt = 0;

  const stored = (): Ids | null => {
    try {
      return JSON.parse(scope.localStorage!.getItem(key)!);
    } catch {
      // Blocked, absent, or not ours.
      return null;
    }
  };

  const write = (ids: Ids): Ids => {
    memory = ids;
    try {
      scope.localStorage!.setItem(key, JSON.stringify(ids));
      isStored = true;
    } catch {
      // Blocked or full: memory alone.
    }
    return ids;
  };

  const current = (): Ids => {
    const now = Date.now();
    // Once a millisecond is enough to hear of other tabs: a burst of events must not read storage for each.
    if (memory && now === lookedAt && !isReset) return memory;
    lookedAt = now;
    let ids: Ids | null | undefined = stored();
    if (ids) isStored = true;
    // The copy in memory where storage is blocked or the page cleared it: the live grant keeps the ids.
    else ids = memory;
    if (ids && !isReset && now - ids.since < VISITOR_MS) {
      memory = ids;
      return ids;
    }
    const rotate = isReset || undefined;
    isReset = false;
    return write({ visitor_id: newId(), session_id: newId(), since: now, active: now, rotate });
  };

  return {
    current,
    touch(at, campaign) {
      const ids = current();
      const silence = at - ids.active;
      const isNew = silence > SESSION_MS || (campaign && campaign !== ids.campaign);
      if (!isNew && silence < WRITE_EVERY_MS) return ids;
      return write({ ...ids, ...(isNew && { session_id: newId(), campaign }), active: at });
    },
    acknowledged({ visitor_id, rotate }, better = visitor_id) {
      const ids = current();
      // Reset while the batch was under way: it spoke of somebody else.
      if (ids.visitor_id === visitor_id) write({ ...ids, visitor_id: rotate ? visitor_id : better, rotate: undefined });
    },
    reset() {
      isReset = true;
    },
    isGone: () => isStored && stored()?.since !== memory?.since,
    forget(own) {
      const ids = own && stored();
      if (!ids || ids.since === memory?.since) {
        // The collector's cookie must not bring a refused id back.
        isReset = true;
        try {
          scope.localStorage!.removeItem(key);
        } catch {
          // Blocked: nothing was stored.
        }
      }
      memory = undefined;
    },
  };
}
