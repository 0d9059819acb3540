import type { BatchReply, BrowserPolicy, ConsentStamp, DropCode, FilteredCode, Purpose } from '@parcours/protocol';
import type { ConsentStatus } from './consent/gate.ts';

/** An event on its way, as text: frozen, so that to tell of it costs nothing. */
export interface Traced {
  /** Its event id. */
  readonly id: string;
  /** The event as JSON. */
  readonly text: string;
  /** What will be its keys, as JSON, where it has none yet. */
  readonly keys?: string | undefined;
}

/** How things stand. */
export interface TracedState {
  readonly step: 'state';
  readonly status: ConsentStatus;
  /** The choice as it is stamped, for a refusal too; none before a choice. */
  readonly choice?: ConsentStamp | undefined;
  /** Purposes that the choice grants and that Global Privacy Control has taken away. */
  readonly gpc?: readonly Purpose[] | undefined;
  /** The site's part of the policy; none until it is known, null where it could not be had. */
  readonly policy?: BrowserPolicy | null | undefined;
  /** Held in memory until the choice, oldest first. */
  readonly held: readonly Traced[];
  /** Waiting for the collector's word, oldest first. */
  readonly queued: readonly Traced[];
}

/**
 * One step of the core, told after it was taken. Objects are made only where somebody listens: `tell?.({ step: … })`.
 * Scripts that listen are built apart from `p.js`, so none of these names may be shortened there.
 */
export type TraceStep =
  | TracedState
  /** An event happened, and is held or about to be queued. */
  | ({ readonly step: 'captured' } & Traced)
  /** An event passed the gate, its text without the fields that its purposes do not open; again where these have changed. */
  | ({ readonly step: 'queued' } & Traced)
  /** An event was not taken, or is not kept any longer; `id` where it was captured before. */
  | { readonly step: 'refused'; readonly type: string; readonly code: FilteredCode; readonly id?: string | undefined }
  /** Events were let go for a technical reason: which, the state tells by their absence once the task has ended. */
  | { readonly step: 'dropped'; readonly code: DropCode; readonly count: number }
  /** A request is over. `status` 0: no answer. `reply` where the collector took it. */
  | {
      readonly step: 'sent';
      readonly items: readonly Traced[];
      readonly status: number;
      readonly reply?: Partial<BatchReply> | undefined;
    };

/** Told of each step at once. */
export type TraceListener = (step: TraceStep) => void;

/**
 * Listens to the core, until the tracker's stop: first to the state as it is, then to each step, and to the state anew
 * when status, choice or policy have changed. A listener that throws breaks nothing. Gives what asks for the state.
 */
export type Trace = (listener: TraceListener) => () => TracedState;
