import { type EventRecord, LIMITS } from '@parcours/protocol';
import { ENTRY_TYPES } from '@parcours/protocol/schema';
import type { ClientContext, StoredEvent, StoredFailure } from '@parcours/store/log';
import type { Gate } from './consent/gates.ts';
import { type ClockLimits, correctClock } from './enrich/clock.ts';
import { ipPrefix } from './enrich/ip.ts';
import { readLink } from './enrich/link.ts';
import { amountMinor } from './enrich/money.ts';
import { CAMPAIGN_KEYS, createPageReader, type ReadPage } from './enrich/page.ts';
import { createUserAgentReader } from './enrich/user_agent.ts';
import { type Failure, keepFailure } from './failure.ts';
import type { JudgedSite } from './options.ts';
import { cleanKeys } from './scrub/clean_keys.ts';
import { isCleanId, keepCode } from './scrub/code.ts';
import { createScrubber, type Scrubber } from './scrub/scrub.ts';
import type { Sender } from './sender.ts';
import type { VisitorDecision } from './visitor.ts';

export type Stored =
  | { readonly ok: true; readonly event: StoredEvent }
  | { readonly ok: false; readonly failure: Failure };

/** What the events of one batch share. */
export interface BatchContext {
  readonly site: JudgedSite;
  readonly source: Sender['source'];
  /** The sender's own visitor id now, and whose id stands for it. */
  readonly senderVisitorId: string | undefined;
  readonly visitor: VisitorDecision | undefined;
  /** By the sender's clock, ms since the epoch. */
  readonly sentAt: number;
  /** Ms since the epoch. */
  readonly receivedAt: number;
}

/** Turns checked events into the rows that rest: scrubbed, enriched, gated. */
export interface EventStorage {
  readonly scrub: Scrubber;
  client(sender: Sender<JudgedSite>): ClientContext;
  forBatch(context: BatchContext): BatchStorage;
}

/** What reads the pages and links of one site. */
interface SiteReader {
  /** As it was when the reader was made. */
  readonly site: JudgedSite;
  readonly ownHosts: readonly string[];
  readonly readPage: (page: NonNullable<EventRecord['page']>) => ReadPage;
}

/** The events of one batch on their way to rest. */
export interface BatchStorage {
  /** @param gate through which the event has come */
  store(event: EventRecord, gate: Gate): Stored;
  /**
   * A failed item as it may rest: after consent and scrubbing like any stored event, so that it can be repaired.
   *
   * @param gate undefined where the item is no object, and has no stamp
   */
  keep(item: unknown, failure: Failure, gate: Gate | undefined): StoredFailure;
}

/** @param onHit told the rule each time the scrubber finds something; never what it found */
export function createEventStorage({ onHit }: { readonly onHit?: (rule: string) => void } = {}): EventStorage {
  const scrub = createScrubber(onHit ? { onHit } : {});
  const readUserAgent = createUserAgentReader();
  const readers = new Map<string, SiteReader>();
  const readerOf = (site: JudgedSite): SiteReader => {
    const { id, origins, hosts, queryKeys } = site;
    const known = readers.get(id);
    if (known?.site === site) return known;
    if (known && readsAlike(known.site, site)) {
      const same = { ...known, site };
      readers.set(id, same);
      return same;
    }
    const ownHosts = [
      ...hosts.map((host) => host.toLowerCase()),
      ...origins.filter((origin) => origin !== 'null').map((origin) => new URL(origin).hostname),
    ];
    const reader = { site, ownHosts, readPage: createPageReader({ queryKeys, ownHosts, scrub: scrub.text }) };
    readers.set(id, reader);
    return reader;
  };

  return {
    scrub,
    client(sender) {
      if (sender.source === 'server') return { bot: false };
      const { address, userAgent } = sender;
      const prefix = address === undefined ? undefined : ipPrefix(address);
      const agent = readUserAgent(userAgent);
      return prefix === undefined ? agent : { ip_prefix: prefix, ...agent };
    },
    forBatch(context) {
      const { readPage, ownHosts } = readerOf(context.site);
      const clock = CLOCKS[context.source];
      const store = (event: EventRecord, gate: Gate): Stored => {
        const time = correctClock(
          { occurredAt: event.occurred_at, sentAt: context.sentAt, receivedAt: context.receivedAt },
          clock,
        );
        if (time.fault) return failed(time.fault, 'occurred_at', clockFault(time.fault, clock));
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
        addVisitor(row, event, { context, scrub });
        if (event.session_id && isCleanId(event.session_id, scrub)) row.session_id = event.session_id;
        if (event.page_view_id && isCleanId(event.page_view_id, scrub)) row.page_view_id = event.page_view_id;
        if (page) addPage(row, page, ENTRY_TYPES.has(event.type));
        if (event.keys) {
          const keys = cleanKeys(event.keys, scrub);
          if (keys) addKeys(row, keys);
        }
        if (event.props) {
          addMoney(row, event.props, scrub);
          row.props = scrub.value(event.props);
          addLink(row, ownHosts, gate);
        }
        if (page && ENTRY_TYPES.has(event.type)) addArrival(row, page);
        // One field may become several columns, each with purposes of its own.
        for (const column of gate.closedColumns) delete row[column];
        return { ok: true, event: row };
      };
      const { visitor, senderVisitorId } = context;
      const standsFor = (id: unknown): unknown => (visitor?.replaces && id === senderVisitorId ? visitor.id : id);
      return {
        store,
        keep: (item, failure, gate) => keepFailure(item, failure, { scrub, gate, readPage, standsFor }),
      };
    },
  };
}

/** Whether the pages of a site are read as before: then what is remembered of them stays. */
const readsAlike = (a: JudgedSite, b: JudgedSite): boolean =>
  (['origins', 'hosts', 'queryKeys'] as const).every((name) => a[name].join('\n') === b[name].join('\n'));

/**
 * What is believed of a sender's times. A browser's clock is corrected, and it may not write the past. A server's is not
 * corrected: its times come from the shop's records, and a batch that is sent again hours later with its first `sent_at`
 * would move them all. It may write 400 days back, so that a shop can bring a year of orders and a month of delay.
 */
const CLOCKS: Readonly<Record<Sender['source'], ClockLimits>> = {
  web: { skewMs: LIMITS.skewMs, futureMs: LIMITS.futureMs, backdateDays: LIMITS.backdateDays },
  server: { skewMs: Number.POSITIVE_INFINITY, futureMs: LIMITS.futureMs, backdateDays: 400 },
};

const clockFault = (fault: 'too_old' | 'invalid_field', { backdateDays }: ClockLimits): string =>
  fault === 'too_old' ? `older than ${backdateDays} days when it was received` : 'cannot be read as a time';

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
function addVisitor(
  row: Row,
  event: EventRecord,
  { context, scrub }: { context: BatchContext; scrub: Scrubber },
): void {
  const { visitor_id } = event;
  if (visitor_id === undefined) return;
  const { visitor, senderVisitorId } = context;
  const isReplaced = visitor?.replaces && visitor_id === senderVisitorId;
  const isClean = isCleanId(visitor_id, scrub);
  if (isReplaced) row.visitor_id = visitor.id;
  else if (isClean) row.visitor_id = visitor_id;
  if (isReplaced && isClean) row.client_visitor_id = visitor_id;
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

/** What a code of a store or an advertiser's link says of an arrival: the place, the code as a join key, the click id's name. */
function addArrival(row: Row, { store, landing }: PageRead): void {
  const { place_id, code } = store;
  if (place_id !== undefined) row.place_id = place_id;
  if (code !== undefined) row.keys = { ...row.keys, qr: code };
  const click_id = landing.clickIds?.[0];
  if (click_id !== undefined) row.props = { ...row.props, click_id };
}

/** Where a link leads, by its address alone. */
function addLink(row: Row, ownHosts: readonly string[], gate: Gate): void {
  const { props } = row;
  if (typeof props?.link_url !== 'string') return;
  const host = row.url && new URL(row.url).hostname;
  const link = readLink(props.link_url, host ? [...ownHosts, host.replace(/^www\./, '')] : ownHosts);
  if (!link) return;
  const kept = gate.isOpen
    ? link
    : Object.fromEntries(Object.entries(link).filter(([name]) => gate.keeps(`props.${name}`)));
  row.props = { ...props, ...kept };
}

/** The join keys; the order's is also a column, by which what led to an order is found without reading every event's keys. */
function addKeys(row: Row, keys: NonNullable<Row['keys']>): void {
  row.keys = keys;
  if (keys.order_id !== undefined) row.order_id = keys.order_id;
}

/** The money of an e-commerce event, by GA4's names, in integer minor units; and its order. */
function addMoney(row: Row, props: NonNullable<EventRecord['props']>, scrub: Scrubber): void {
  const { transaction_id, value, currency } = props;
  // A number in which the scrubber finds a person is left out: masked it would be one order for all.
  if (typeof transaction_id === 'string' && keepCode(transaction_id, scrub) === transaction_id)
    row.order_id = transaction_id;
  if (typeof value !== 'number' || typeof currency !== 'string') return;
  const amount = amountMinor(value, currency);
  if (amount === undefined) return;
  row.amount_minor = amount;
  row.currency = currency;
}
