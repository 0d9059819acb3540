import type { Navigation } from '../pages.ts';
import type { Scope } from '../scope.ts';
import type { Trace } from '../trace.ts';
import type { Consent, Tracker } from '../tracker_types.ts';

/** What an observer may see and do. None of it throws. */
export interface ObserverContext {
  /** Records an event, under the same gate as all. */
  readonly track: (type: string, props?: Readonly<Record<string, unknown>>) => void;
  /** Counts the present page, unless it is the last one counted; `again`: all the same. */
  readonly view: (navigation: Navigation, again?: boolean) => void;
  /** States a choice, as the tracker's method does. */
  readonly consent: Consent;
  /** No choice will be told, as it seems: nothing is held until one is. */
  readonly giveUp: () => void;
  /** The visitor's id, once granted. */
  readonly visitorId: Tracker['visitorId'];
  /** Where batches go: the absolute URL of the collector's `/v1/events`. */
  readonly endpoint: string;
  readonly scope: Scope;
  /** Listens to what becomes of each event: what the consent debugger shows. */
  readonly trace: Trace;
  /** Aborted at the tracker's stop: then nothing may be watched any more, and what was changed is put back. */
  readonly signal: AbortSignal;
}

/** Watches one thing of the page and records it. It begins when the page is seen, maybe before the choice: the gate holds. */
export type Observer = (context: ObserverContext) => void;
