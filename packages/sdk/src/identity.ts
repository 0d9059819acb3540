import type { BrowserPolicy, Purpose, Withdrawn } from '@parcours/protocol';
import type { NewId } from './event_id.ts';
import type { Item } from './queue/item.ts';
import type { Scope } from './scope.ts';

/** What is kept of a choice. */
export interface Chosen {
  /** Source, purposes granted and denied: the same where a choice is repeated. */
  readonly of: string;
  /** When it was made, ms since the epoch. */
  readonly at: number;
  /** What it granted, before Global Privacy Control. */
  readonly granted: readonly Purpose[];
  /** Its stamp as JSON, without a receipt. */
  readonly stamp: string;
}

/** The ids of one browser on one site, and what its choice was, as they stand in localStorage. */
export interface Ids {
  readonly visitor_id: string;
  /** First issue of the visitor's id, ms since the epoch: never extended. */
  readonly since: number;
  /** First issue of any id under the present grant: the same over a logout, another after a withdrawal. */
  readonly born?: number | undefined;
  readonly session_id: string;
  /** Last event, ms since the epoch, give or take {@link WRITE_EVERY_MS}. */
  readonly active: number;
  /** The campaign that began the session. */
  readonly campaign?: string | undefined;
  /** The visitor was reset, and the collector does not know yet. */
  readonly rotate?: true | undefined;
  /** The policy that was in force last. */
  readonly policy?: BrowserPolicy | undefined;
  readonly chosen?: Chosen | undefined;
  /** The collector's proof of the choice of this visitor. */
  readonly receipt?: string | undefined;
  /** What was taken back and the collector does not know yet, oldest first. Stands alone where everything was. */
  readonly withdrawn?: readonly Withdrawn[] | undefined;
  /** Events that a page which may be gone could not see on the disk, until they are answered. */
  readonly left?: readonly Item[] | undefined;
}

/** Who visits, as far as this browser knows. Call nothing but `reset` without a grant: the rest touches storage. */
export interface Identity {
  /** The ids that stand; new ones where there are none, they are too old, or a reset was asked for. */
  current(): Ids;
  /** What there is, without making anything. After a denial too. */
  stored(): Partial<Ids>;
  /** Keeps something with the ids. */
  keep(part: Partial<Ids>): void;
  /** The ids for an event at a time, in a new session where it begins one. `campaign`: the view's own. */
  touch(at: number, campaign: string | undefined): Ids;
  /** The collector took a batch that spoke of these ids; its reply may name an older visitor to go on with, and a receipt. */
  acknowledged(sent: Ids, better: string | undefined, receipt?: string | null): void;
  /** A new visitor from the next use on. */
  reset(): void;
  /**
   * Another page wrote this, or anything while this one was away. Gives whether it erased or replaced what this page had stored or
   * found, as after a withdrawal: then the ids are forgotten here.
   *
   * Browsers let each page see its own copy of the storage for a while, so a page that has not heard yet may write over a later
   * choice, or over what was erased. Whoever hears of that puts it right.
   */
  heard(text?: string | null): unknown;
  /** The collector's cookie must not bring the ids back. What another page has stored since stays good. */
  forget(): void;
  /**
   * Forgets them on the device, and gives the visitor's id if there was one. What stays is that it was taken back and when;
   * where the choice has only run out, when it was made: a repeat of it must not make it young.
   */
  erase(at?: string): string | undefined;
  /** The collector knows of it. */
  told(withdrawn: Withdrawn): void;
}

const DAY_MS = 86_400_000;
/** 13 months from first issue (CNIL guidelines 2020-091, art. 5), as the collector's cookie. */
const VISITOR_DAYS = 395;
/** Silence that ends a session: the convention of GA4 and most of the field. */
const SESSION_MS = 30 * 60_000;
/** A session's end may be this much off: spares a write an event. */
const WRITE_EVERY_MS = 10_000;

/** One visitor id per site in localStorage under `key`, shared by its tabs; in memory alone where storage is blocked. */
export function createIdentity(key: string, newId: NewId, scope: Scope): Identity {
  let memory: Ids | undefined;
  /** What was left at the last withdrawal, where storage is blocked or another page has gone over it. */
  let marker: Partial<Ids> | null | undefined;
  /** `born` of what was taken back last: whoever writes that has not heard. */
  let gone: number | undefined = 0;
  /** What was read last, as it lay there. */
  let seen: string | null | undefined;
  /** What lay there when a write failed. */
  let unwritten: typeof seen;
  let isStored = false;
  let isReset = false;
  let isFresh = false;

  const read = (text?: string | null): Partial<Ids> | null => {
    // What is read may be newer than memory: whoever uses both must see the same.
    isFresh = false;
    try {
      seen = text === undefined ? scope.localStorage!.getItem(key) : text;
      return JSON.parse(seen as string);
    } catch {
      // Blocked, absent, or not ours.
      return null;
    }
  };

  /** What this page could not write over is out of date, as what was taken back is, and memory knows better. */
  const stored = (): Partial<Ids> => {
    const found = read();
    return Object((unwritten !== seen && found?.born !== gone && found) || memory || marker);
  };

  /** Nothing is left to be kept where there is neither an id nor a withdrawal. */
  const put = (ids: Partial<Ids>): void => {
    try {
      if (ids.visitor_id || ids.chosen || ids.withdrawn?.[0]) scope.localStorage!.setItem(key, JSON.stringify(ids));
      else scope.localStorage!.removeItem(key);
      isStored = true;
    } catch {
      // Blocked or full: memory alone.
      read();
      unwritten = seen;
    }
  };

  const write = (ids: Ids): Ids => {
    // Unless another page has taken it back, of which this one is to hear yet.
    if (!memory || stored().since) put(ids);
    memory = ids;
    return ids;
  };

  const current = (): Ids => {
    const now = Date.now();
    // Once a task is enough to hear of other tabs: a burst of events must not read storage for each.
    if (!isReset && isFresh) return memory!;
    queueMicrotask(() => (isFresh = false));
    // The copy in memory where storage is blocked or the page cleared it: the live grant keeps the ids.
    const ids = stored();
    isFresh = true;
    isStored ||= !!seen;
    if (!isReset && now - ids.since! < (ids.policy?.cookie_days ?? VISITOR_DAYS) * DAY_MS) {
      memory = ids as Ids;
      return memory;
    }
    const rotate = isReset || undefined;
    isReset = false;
    return write({
      born: now,
      ...ids,
      visitor_id: newId(),
      session_id: newId(),
      since: now,
      active: now,
      rotate,
      receipt: undefined,
      campaign: undefined,
    });
  };

  const keep = (part: Partial<Ids>): void => {
    write({ ...current(), ...part });
  };

  return {
    current,
    stored,
    keep,
    touch(at, campaign) {
      const ids = current();
      const silence = at - ids.active;
      const isNew = silence > SESSION_MS || (campaign && campaign !== ids.campaign);
      if (!isNew && silence < WRITE_EVERY_MS) return ids;
      return write({ ...ids, ...(isNew && { session_id: newId(), campaign }), active: at });
    },
    acknowledged({ visitor_id, rotate }, better = visitor_id, receipt) {
      const ids = current();
      // Reset while the batch was under way: it spoke of somebody else.
      if (ids.visitor_id !== visitor_id) return;
      const next = rotate ? visitor_id : better;
      write({
        ...ids,
        visitor_id: next,
        rotate: undefined,
        receipt: receipt ?? (next === visitor_id ? ids.receipt : undefined),
      });
    },
    reset() {
      isReset = true;
    },
    heard(text) {
      // Nothing of this page's was ever there, and the storage must not be touched.
      if (!isStored) return;
      const theirs = read(text);
      const isGone = memory && theirs?.born !== memory.born && theirs?.born !== gone;
      if (isGone) {
        gone = memory!.born;
        memory = undefined;
      }
      if (!theirs?.born && text !== undefined) marker = theirs;
      const own = read();
      if (own?.born === gone || (!theirs && !own?.since)) {
        // Written by a page that had not heard, maybe by this one; or the collector knows by now of what was put back.
        put(Object(memory || marker));
      } else if ((theirs?.chosen?.at as number) > (own?.chosen?.at as number)) {
        put(theirs!);
      }
      return isGone;
    },
    forget() {
      isReset ||= !stored().since;
    },
    erase(at) {
      const { visitor_id, withdrawn, chosen, born = gone } = stored();
      gone = born;
      memory = undefined;
      if (at) isReset = true;
      marker = at ? { withdrawn: visitor_id ? [{ at }] : withdrawn } : { withdrawn, chosen };
      put(marker);
      return visitor_id;
    },
    told({ at }) {
      const ids = stored();
      const left = { ...ids, withdrawn: ids.withdrawn?.filter((one) => one.at !== at) };
      if (ids.since) memory &&= left as Ids;
      else marker = left;
      put(left);
    },
  };
}
