import type { ConsentStamp } from './consent/stamp.ts';
import type { Keys } from './keys.ts';

/** Where an event happened on the web. */
export interface Page {
  /** Absolute URL, its query already reduced to the site's allow-list, without fragment. */
  url: string;
  title?: string | undefined;
  /** Absolute URL of the page before; the collector keeps its host only. */
  referrer?: string | undefined;
}

/** One thing that happened. Frozen when it is captured: id, times and consent stamp are the same on every retry. */
export interface EventRecord {
  /** UUID, version 7 from our SDK. */
  event_id: string;
  /** A standard name (`page_view`, `add_to_cart`) or a custom one: lower case, digits and `_`. */
  type: string;
  /** When it happened by the sender's clock, RFC 3339. */
  occurred_at: string;
  /** Index of its consent stamp in the batch. */
  stamp: number;
  /** Order within one page's life, from 0. */
  seq?: number | undefined;
  visitor_id?: string | undefined;
  session_id?: string | undefined;
  page_view_id?: string | undefined;
  page?: Page | undefined;
  keys?: Keys | undefined;
  props?: Record<string, unknown> | undefined;
}

/** What the sender let go since its last batch, by reason. */
export interface Dropped {
  code: string;
  count: number;
}

/** What a visitor took back. */
export interface Withdrawn {
  /** When, by the sender's clock, RFC 3339: choices of that moment and before it no longer hold. */
  at: string;
  /** Absent: everything. */
  purposes?: string[] | undefined;
}

/** The body of `POST /v1/events`. */
export interface Batch {
  v: 1;
  /** Site id. */
  site: string;
  /** The site's public write key. May be left out where a secret key stands in the Authorization header, and only there. */
  key?: string | undefined;
  /** Version of the sender. */
  sdk: string;
  /** When this try was sent by the sender's clock, RFC 3339: with the time of receipt it corrects the clock. */
  sent_at: string;
  /** The visitor id that the sender holds now; a valid visitor cookie wins over it. */
  visitor_id?: string | undefined;
  /** The visitor was reset: `visitor_id` replaces the cookie's. */
  rotate?: boolean | undefined;
  /** The visitor took back a choice: theirs whose cookie or `visitor_id` comes with it. Such a batch may have no events. */
  withdrawn?: Withdrawn | undefined;
  /** The visitor objects to being measured without consent, or no longer does. Such a batch may have no events. */
  objection?: boolean | undefined;
  stamps: ConsentStamp[];
  events: EventRecord[];
  dropped?: Dropped[] | undefined;
}

/** How an event ended. Only `retry` is to be sent again. */
export type EventStatus = 'accepted' | 'duplicate' | 'filtered' | 'failed' | 'retry';

export interface EventResult {
  /** As it was sent; null where it could not be read. */
  event_id: string | null;
  status: EventStatus;
  /** Reason code; present unless accepted or duplicate. */
  code?: string | undefined;
  /** Where in the event, such as `props.items[0].price`. */
  path?: string | undefined;
  message?: string | undefined;
}

/** The answer 200: one result per event, in the order sent. */
export interface BatchReply {
  results: EventResult[];
  /** The visitor id to use from now on, where the cookie's won. */
  visitor_id?: string | undefined;
  /** The receipt of each stamp that told its choice for the first time, in the order of the stamps; null for the others. */
  receipts?: (string | null)[] | undefined;
}

/** Any other answer. 429 and 503 come with Retry-After. */
export interface ErrorReply {
  error: { code: string; message: string };
}
