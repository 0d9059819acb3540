import { type EventRecord, LIMITS, type Purpose } from '@parcours/protocol';
import { ENTRY_TYPES } from '@parcours/protocol/schema';
import type { ClientContext, StoredEvent, StoredFailure } from '@parcours/store/log';
import { gateKeys } from './consent/gate_keys.ts';
import { channel } from './enrich/channel.ts';
import { correctClock } from './enrich/clock.ts';
import { ipPrefix } from './enrich/ip.ts';
import { amountMinor } from './enrich/money.ts';
import { createPageReader, type PageFields, type ReadPage } from './enrich/page.ts';
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
      return { ...(prefix && { ip_prefix: prefix }), ...readUserAgent(userAgent) };
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
        const props = event.props && scrub.value(event.props);
        const keys = gateKeys(event.keys, (purpose) => context.permits(event.stamp, purpose), scrub);
        return {
          ok: true,
          event: {
            event_id: event.event_id.toLowerCase(),
            type: event.type,
            ...time,
            stamp: event.stamp,
            ...(event.seq !== undefined && { seq: event.seq }),
            ...visitorOf(event, context),
            ...(event.session_id && { session_id: event.session_id }),
            ...(event.page_view_id && { page_view_id: event.page_view_id }),
            ...(page && (ENTRY_TYPES.has(event.type) ? entryOf(page) : placeOf(page.fields))),
            ...moneyOf(event.props, scrub),
            ...(keys && { keys }),
            ...(props && { props }),
          },
        };
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

/** The cookie's id stands in for the sender's present one; an event captured under an earlier id keeps it. */
function visitorOf(
  { visitor_id }: EventRecord,
  { visitor, senderVisitorId }: BatchContext,
): Pick<StoredEvent, 'visitor_id' | 'client_visitor_id'> {
  if (visitor_id === undefined) return {};
  if (visitor?.replaces && visitor_id === senderVisitorId) {
    return { visitor_id: visitor.id, client_visitor_id: visitor_id };
  }
  return { visitor_id };
}

type PageRead = Extract<ReadPage, { fault?: undefined }>;

/** What a page tells of an event that no visit begins with: where it happened, not what brought the visitor. */
const placeOf = ({ url, path, title, referrer_host }: PageFields): Partial<PageFields> => ({
  url,
  path,
  ...(title !== undefined && { title }),
  ...(referrer_host !== undefined && { referrer_host }),
});

/** The campaign and the channel too; no channel for a page that was reached from the site itself. */
function entryOf({ fields, landing }: PageRead): Partial<StoredEvent> {
  const isInside =
    fields.referrer_host !== undefined &&
    landing.referrerHost === undefined &&
    !landing.source &&
    !landing.medium &&
    !landing.clickIds?.length;
  return isInside ? fields : { ...fields, channel: channel(landing) };
}

/** The money of an e-commerce event, by GA4's names, in integer minor units; and its order. */
function moneyOf(
  props: EventRecord['props'],
  scrub: Scrubber,
): Pick<StoredEvent, 'order_id' | 'amount_minor' | 'currency'> {
  if (props === undefined) return {};
  const { transaction_id, value, currency } = props;
  const hasMoney = typeof value === 'number' && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency);
  const amount = hasMoney ? amountMinor(value, currency) : undefined;
  return {
    ...(typeof transaction_id === 'string' && { order_id: keepCode(transaction_id, scrub) }),
    ...(amount !== undefined && { amount_minor: amount, currency: currency as string }),
  };
}
