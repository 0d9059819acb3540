import { type EventRecord, LIMITS, type Purpose } from '@parcours/protocol';
import { ENTRY_TYPES } from '@parcours/protocol/schema';
import type { ClientContext, StoredEvent, StoredFailure } from '@parcours/store/log';
import { gateKeys } from './consent/gate_keys.ts';
import { correctClock } from './enrich/clock.ts';
import { ipPrefix } from './enrich/ip.ts';
import { amountMinor } from './enrich/money.ts';
import { CAMPAIGN_KEYS, createPageReader, type ReadPage } from './enrich/page.ts';
import { createUserAgentReader } from './enrich/user_agent.ts';
import { type Failure, keepFailure } from './failure.ts';
import type { Sender } from './ingest.ts';
import type { Site } from './options.ts';
import { keepCode } from './scrub/code.ts';
import { createScrubber, type Scrubber } from './scrub/scrub.ts';
import type { VisitorDecision } from './visitor.ts';

export type Stored =
  | { readonly ok: true; readonly event: StoredEvent }
  | { readonly ok: false; readonly failure: Failure };

/** What the events of one batch share. */
export interface BatchContext {
  readonly site: Site;
  /** The sender's own visitor id now, and whose id stands for it. */
  readonly senderVisitorId: string | undefined;
  readonly visitor: VisitorDecision | undefined;
  /** By the sender's clock, ms since the epoch. */
  readonly sentAt: number;
  /** Ms since the epoch. */
  readonly receivedAt: number;
  readonly permits: (pointer: number, purpose: Purpose) => boolean;
}

/** Turns checked events into the rows that rest: scrubbed, enriched, gated. */
export interface EventStorage {
  readonly scrub: Scrubber;
  client(sender: Pick<Sender, 'address' | 'userAgent'>): ClientContext;
  forBatch(context: BatchContext): BatchStorage;
}

/** The events of one batch on their way to rest. */
export interface BatchStorage {
  store(event: EventRecord): Stored;
  /** A failed item as it may rest: after consent and scrubbing like any stored event, so that it can be repaired. */
  keep(item: unknown, failure: Failure): StoredFailure;
}

/** @param onHit told the rule each time the scrubber finds something; never what it found */
export function createEventStorage({ onHit }: { readonly onHit?: (rule: string) => void } = {}): EventStorage {
  const scrub = createScrubber(onHit ? { onHit } : {});
  const readUserAgent = createUserAgentReader();
  const pageReaders = new Map<string, (page: NonNullable<EventRecord['page']>) => ReadPage>();
  const pageReader = ({ id, origins, hosts, queryKeys }: Site) => {
    const known = pageReaders.get(id);
    if (known) return known;
    const ownHosts = [
      ...hosts,
      ...origins.filter((origin) => origin !== 'null').map((origin) => new URL(origin).hostname),
    ];
    const reader = createPageReader({ queryKeys, ownHosts, scrub: scrub.text });
    pageReaders.set(id, reader);
    return reader;
  };

  return {
    scrub,
    client({ address, userAgent }) {
      const prefix = address === undefined ? undefined : ipPrefix(address);
      const agent = readUserAgent(userAgent);
      return prefix === undefined ? agent : { ip_prefix: prefix, ...agent };
    },
    forBatch(context) {
      const readPage = pageReader(context.site);
      const store = (event: EventRecord): Stored => {
        const time = correctClock(
          { occurredAt: event.occurred_at, sentAt: context.sentAt, receivedAt: context.receivedAt },
          LIMITS,
        );
        if (time.fault) {
          return failed(time.fault, 'occurred_at', CLOCK_FAULTS[time.fault]);
        }
        const page = event.page && readPage(event.page);
        if (page?.fault) return failed(page.fault.code, page.fault.path, page.fault.message);
        const row: Row = {
          event_id: event.event_id.toLowerCase(),
          type: event.type,
          occurred_at: time.occurred_at,
          stamp: event.stamp,
        };
        if (time.client_occurred_at !== undefined) row.client_occurred_at = time.client_occurred_at;
        if (event.seq !== undefined) row.seq = event.seq;
        addVisitor(row, event, context);
        if (event.session_id) row.session_id = event.session_id;
        if (event.page_view_id) row.page_view_id = event.page_view_id;
        if (page) addPage(row, page, ENTRY_TYPES.has(event.type));
        if (event.keys) {
          const keys = gateKeys(event.keys, (purpose) => context.permits(event.stamp, purpose), scrub);
          if (keys) row.keys = keys;
        }
        if (event.props) {
          addMoney(row, event.props, scrub);
          row.props = scrub.value(event.props);
        }
        return { ok: true, event: row };
      };
      const { permits } = context;
      return { store, keep: (item, failure) => keepFailure(item, failure, { scrub, permits, readPage }) };
    },
  };
}

const CLOCK_FAULTS = {
  too_old: `older than ${LIMITS.backdateDays} days when it was received`,
  invalid_field: 'cannot be read as a time',
} as const;

const failed = (code: Failure['code'], path: string, message: string): Stored => ({
  ok: false,
  failure: { stage: 'enrich', code, path, message },
});

/**
 * A row while it is filled in, field by field: the same row put together from spread parts takes twice the time, and this is
 * done for every event.
 */
type Row = { -readonly [Column in keyof StoredEvent]: StoredEvent[Column] };

/** The cookie's id stands in for the sender's present one; an event captured under an earlier id keeps it. */
function addVisitor(row: Row, { visitor_id }: EventRecord, { visitor, senderVisitorId }: BatchContext): void {
  if (visitor_id === undefined) return;
  const isReplaced = visitor?.replaces && visitor_id === senderVisitorId;
  row.visitor_id = isReplaced ? visitor.id : visitor_id;
  if (isReplaced) row.client_visitor_id = visitor_id;
}

type PageRead = Extract<ReadPage, { fault?: undefined }>;

/** Where it happened; and for an event that a visit can begin with, the campaign and channel that brought the visitor. */
function addPage(row: Row, { fields, channel }: PageRead, isEntry: boolean): void {
  row.url = fields.url;
  row.path = fields.path;
  if (fields.title !== undefined) row.title = fields.title;
  if (fields.referrer_host !== undefined) row.referrer_host = fields.referrer_host;
  if (!isEntry) return;
  for (const key of CAMPAIGN_KEYS) {
    const value = fields[key];
    if (value !== undefined) row[key] = value;
  }
  if (channel !== undefined) row.channel = channel;
}

/** The money of an e-commerce event, by GA4's names, in integer minor units; and its order. */
function addMoney(row: Row, props: NonNullable<EventRecord['props']>, scrub: Scrubber): void {
  const { transaction_id, value, currency } = props;
  if (typeof transaction_id === 'string') row.order_id = keepCode(transaction_id, scrub);
  if (typeof value !== 'number' || typeof currency !== 'string') return;
  const amount = amountMinor(value, currency);
  if (amount === undefined) return;
  row.amount_minor = amount;
  row.currency = currency;
}
