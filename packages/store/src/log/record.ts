/**
 * What the log holds: one record for each received batch, with what is common to its events told once.
 * Written by whoever appends (the collector, an import, the reader), read by the loader. Version 1 only grows.
 */

/** The events of one received batch, already consented, scrubbed and enriched: what tables are loaded from. */
export interface BatchRecord {
  readonly v: 1;
  readonly kind: 'batch';
  readonly site: string;
  /** `web`, `server` or `import`. */
  readonly source: string;
  /** Time of receipt, UTC, `YYYY-MM-DDTHH:mm:ss.sssZ` as every time in the log. */
  readonly received_at: string;
  /** Time of sending by the sender's clock, as sent and normalised to UTC. */
  readonly sent_at: string;
  /** Version of the sender. */
  readonly sdk: string;
  readonly client: ClientContext;
  readonly stamps: readonly StoredStamp[];
  readonly events: readonly StoredEvent[];
  readonly failed?: readonly StoredFailure[];
  /** Events that were told without consent, apart from all others. The batch of such events holds no others. */
  readonly exempted?: readonly StoredExempt[];
  /** Events left out: counted, never kept. */
  readonly filtered?: readonly OutcomeCount[];
  /** The failure, by its id in `failed`, that was judged again and became this: however often that is done, it counts once. */
  readonly failed_id?: string;
  /** What the sender let go before sending. */
  readonly dropped?: readonly { readonly code: string; readonly count: number }[];
}

/** What the request told about the device; nothing in it points at one person. */
export interface ClientContext {
  /** IPv4 cut to /24, IPv6 to /48. */
  readonly ip_prefix?: string;
  /** `desktop`, `mobile`, `tablet`, `tv` or `other`. */
  readonly device?: string;
  /** Family and major version, such as `Chrome 156`. */
  readonly browser?: string;
  readonly os?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly bot: boolean;
}

export interface StoredStamp {
  readonly purposes: readonly string[];
  readonly source: string;
  readonly at: string;
  readonly policy_hash?: string;
  readonly receipt_id?: string;
}

/** One accepted event: the columns of the table `events` that the batch does not share. */
export interface StoredEvent {
  readonly event_id: string;
  readonly type: string;
  /** Corrected for the sender's clock. */
  readonly occurred_at: string;
  /** As the sender's clock had it, UTC; present where the correction changed it. */
  readonly client_occurred_at?: string;
  /** Index into the record's stamps. */
  readonly stamp: number;
  readonly seq?: number;
  readonly visitor_id?: string;
  /** The sender's own visitor id where the cookie's won. */
  readonly client_visitor_id?: string;
  readonly session_id?: string;
  readonly page_view_id?: string;
  readonly url?: string;
  readonly path?: string;
  readonly title?: string;
  readonly referrer_host?: string;
  readonly channel?: string;
  readonly utm_source?: string;
  readonly utm_medium?: string;
  readonly utm_campaign?: string;
  readonly utm_term?: string;
  readonly utm_content?: string;
  readonly utm_id?: string;
  readonly place_id?: string;
  readonly order_id?: string;
  readonly amount_minor?: number;
  readonly currency?: string;
  readonly keys?: Readonly<Record<string, string>>;
  readonly props?: Readonly<Record<string, unknown>>;
}

/** One event that was told without consent: the columns of the table `exempt` that the batch does not share. */
export interface StoredExempt {
  readonly event_id: string;
  readonly type: string;
  /** Corrected for the sender's clock, and cut to the minute. */
  readonly occurred_at: string;
  readonly path?: string;
  readonly referrer_host?: string;
  /** `small`, `medium` or `large`. */
  readonly screen?: string;
  readonly device?: string;
  /** Family and major version. */
  readonly browser?: string;
  readonly os?: string;
  /** IPv4 cut to /16, IPv6 to /48. */
  readonly ip_prefix?: string;
  readonly bot: boolean;
  readonly props?: Readonly<Record<string, unknown>>;
  readonly policy_hash?: string;
  readonly day_visitor?: string;
}

/** One event that failed, kept after consent and scrubbing so that it can be repaired and sent again. */
export interface StoredFailure {
  readonly event_id?: string;
  readonly type?: string;
  /** Where it failed: `validate`, `enrich` or `load`. */
  readonly stage: 'validate' | 'enrich' | 'load';
  readonly code: string;
  readonly path: string;
  readonly message: string;
  /** The item as JSON text, scrubbed. */
  readonly item: string;
}

export interface OutcomeCount {
  readonly type: string;
  readonly code: string;
  readonly count: number;
}

export type LogRecord = BatchRecord;
