import type { EventStatus } from '@parcours/protocol';
import type { ClientContext, StoredEvent, StoredFailure } from '@parcours/store/log';

/** An accepted event as the collector stored it, with what its batch shares and why it could be kept. */
export interface SeenEvent extends Omit<StoredEvent, 'stamp'> {
  /** Number of arrival, from 1: never given twice, not after a reset either. */
  readonly n: number;
  readonly site: string;
  /** `web` or `server`. */
  readonly source: string;
  readonly received_at: string;
  readonly sent_at: string;
  /** Version of the sender. */
  readonly sdk: string;
  readonly client: ClientContext;
  /** The consent that it was kept under. */
  readonly decision: {
    readonly status: 'accepted';
    readonly purposes: readonly string[];
    /** Who asked for the choice, and when it was made. */
    readonly source: string;
    readonly at: string;
  };
}

/** An event that failed, as the collector keeps it for repair. */
export interface SeenFailure extends Omit<StoredFailure, 'item'> {
  readonly n: number;
  readonly site: string;
  readonly received_at: string;
  /** What was sent, scrubbed; null where its content may not be kept. */
  readonly item: unknown;
}

/** A whole request that was refused: nothing in it was looked at further. */
export interface SeenRefusal {
  readonly n: number;
  readonly at: string;
  /** Status of the answer. */
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Of the page that sent it; null where a server or an app did. */
  readonly origin: string | null;
  /** As the batch names it; null where it could not be read. */
  readonly site: string | null;
  /** Types of the events in it, each once. */
  readonly types: readonly string[];
}

/** Events left out or let go, counted; their content is kept nowhere. */
export interface SeenCount {
  readonly site: string;
  /** Empty where it is not known. */
  readonly type: string;
  readonly code: string;
  readonly count: number;
  /** What the code means. */
  readonly text: string;
}

/** How everything ended: `received` is the sum of the statuses. */
export interface Accounts extends Readonly<Record<EventStatus, number>> {
  /** Items of the batches that passed key and shape, as sent. */
  readonly received: number;
  /** Whether the sum is right and each accepted event is stored. */
  readonly adds_up: boolean;
  /** Requests refused whole. */
  readonly refused: number;
  /** Events that browsers say they let go for technical reasons. */
  readonly dropped: number;
  /** Accepted events by type. */
  readonly types: Readonly<Record<string, number>>;
  /** Memory for events: bytes of JSON in use, and the limit beyond which everything is refused until a reset. */
  readonly bytes: number;
  readonly max_bytes: number;
}
