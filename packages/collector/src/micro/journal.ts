import { type BatchReply, DROPPED, type ErrorReply, type EventStatus, FILTERED } from '@parcours/protocol';
import { createMemoryLog, type LogRecord, type MemoryLog } from '@parcours/store/log';
import type { Answer } from '../answer.ts';
import type { Accounts, SeenCount, SeenEvent, SeenFailure, SeenRefusal } from './seen.ts';
import type { Exchange } from './watched_receive.ts';

/** Everything that reached one collector, in memory. */
export interface Journal {
  /** Where the collector appends. */
  readonly log: MemoryLog;
  /** Told each request to the events route with its answer. */
  exchanged(exchange: Exchange): void;
  /** The oldest first, as all of these. */
  events(): readonly SeenEvent[];
  failed(): readonly SeenFailure[];
  /** The newest thousand. */
  refused(): readonly SeenRefusal[];
  filtered(): readonly SeenCount[];
  dropped(): readonly SeenCount[];
  accounts(): Accounts;
}

/** How everything ended, in numbers. */
export type Totals = Record<EventStatus | 'received' | 'refused' | 'dropped', number>;

export interface JournalOptions {
  /** Bytes of JSON that it holds. Default that of the log in memory. */
  readonly maxBytes?: number | undefined;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** The next number of arrival. */
  readonly number: () => number;
  /** Told each thing that is counted. */
  readonly onCount: (what: keyof Totals, by: number) => void;
  /** Told whenever something new is there. */
  readonly onChange: () => void;
}

/** Requests refused whole that are kept; the oldest goes first, and stays counted. */
const MAX_REFUSALS = 1_000;

/** Answers that say: come again with the same. Nothing in such a batch was refused for good. */
const COME_AGAIN: ReadonlySet<string> = new Set(['overloaded', 'store_unavailable']);

export function createJournal({ maxBytes, now, number, onCount, onChange }: JournalOptions): Journal {
  const totals = noTotals();
  const events: SeenEvent[] = [];
  const failed: SeenFailure[] = [];
  const refused: SeenRefusal[] = [];
  const filtered = createCounts(FILTERED);
  const dropped = createCounts(DROPPED);

  const count = (what: keyof Totals, by = 1): void => {
    totals[what] += by;
    onCount(what, by);
  };
  const add = (record: LogRecord): void => {
    const { site, received_at } = record;
    for (const event of record.events) events.push(seenEvent(record, event, number()));
    for (const { item, ...failure } of record.failed ?? []) {
      failed.push({ n: number(), site, received_at, ...failure, item: item === '' ? null : JSON.parse(item) });
    }
    for (const outcome of record.filtered ?? []) filtered.add({ site, ...outcome });
    for (const { code, count: by } of record.dropped ?? []) {
      dropped.add({ site, type: '', code, count: by });
      count('dropped', by);
    }
    onChange();
  };
  const log = createMemoryLog({ onAppend: add, ...(maxBytes !== undefined && { maxBytes }) });

  const answered = (items: number, { body }: Answer): void => {
    const { results } = JSON.parse(body) as BatchReply;
    count('received', items);
    for (const { status } of results) count(status);
  };
  const refusedWhole = ({ answer, origin, batch }: Exchange): void => {
    const { error } = JSON.parse(answer.body) as ErrorReply;
    const items = itemsOf(batch);
    if (COME_AGAIN.has(error.code)) {
      count('received', items.length);
      count('retry', items.length);
    }
    count('refused');
    refused.push({
      n: number(),
      at: new Date(now()).toISOString(),
      status: answer.status,
      code: error.code,
      message: error.message,
      origin: origin ?? null,
      site: textOf((batch as { site?: unknown } | null | undefined)?.site),
      types: [...new Set(items.map((item) => textOf(item?.type)).filter((type) => type !== null))],
    });
    if (refused.length > MAX_REFUSALS) refused.shift();
  };

  return {
    log,
    exchanged(exchange) {
      if (exchange.answer.status === 200) answered(itemsOf(exchange.batch).length, exchange.answer);
      else refusedWhole(exchange);
      onChange();
    },
    events: () => events,
    failed: () => failed,
    refused: () => refused,
    filtered: filtered.all,
    dropped: dropped.all,
    accounts() {
      const types: Record<string, number> = {};
      for (const { type } of events) types[type] = (types[type] ?? 0) + 1;
      const { bytes, maxBytes: max_bytes } = log.held();
      return { ...totals, adds_up: addsUp(totals, { events, failed }), types, bytes, max_bytes };
    },
  };
}

/** Whether every item sent is counted once, and each that was accepted or failed is there. */
const addsUp = (totals: Totals, kept: { readonly events: readonly unknown[]; readonly failed: readonly unknown[] }) =>
  totals.received === totals.accepted + totals.duplicate + totals.filtered + totals.failed + totals.retry &&
  totals.accepted === kept.events.length &&
  totals.failed === kept.failed.length;

export const noTotals = (): Totals => ({
  received: 0,
  accepted: 0,
  duplicate: 0,
  filtered: 0,
  failed: 0,
  retry: 0,
  refused: 0,
  dropped: 0,
});

function seenEvent(record: LogRecord, { stamp, ...event }: LogRecord['events'][number], n: number): SeenEvent {
  const { site, source, received_at, sent_at, sdk, client } = record;
  const { purposes = [], source: asked = '', at = '' } = record.stamps[stamp] ?? {};
  return {
    n,
    ...event,
    site,
    source,
    received_at,
    sent_at,
    sdk,
    client,
    decision: { status: 'accepted', purposes, source: asked, at },
  };
}

/** Counts by site, type and reason, in the order in which they first came. */
function createCounts(texts: Readonly<Record<string, string>>) {
  const counts = new Map<string, SeenCount>();
  return {
    add(one: Omit<SeenCount, 'text'>): void {
      const key = `${one.site} ${one.type} ${one.code}`;
      const known = counts.get(key)?.count ?? 0;
      counts.set(key, { ...one, count: known + one.count, text: texts[one.code] ?? 'another reason' });
    },
    all: (): readonly SeenCount[] => [...counts.values()],
  };
}

const itemsOf = (batch: unknown): readonly ({ readonly type?: unknown } | null)[] => {
  const events = (batch as { readonly events?: unknown } | null | undefined)?.events;
  return Array.isArray(events) ? events : [];
};

/** A text of a batch that was refused, short enough to show. */
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, 100) : null);
