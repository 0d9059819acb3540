import type { StoredFailure } from '../../log/record.ts';
import { EVENT_COLUMNS, type EventColumn } from '../../tables/columns.ts';
import type { LoadChunk } from '../engine.ts';
import type { Place } from './load-sql.ts';

/** One event as a row of JSON text, and what to keep of it should the engine refuse it. */
export interface CarefulRow {
  readonly row: string;
  setAside(): OutcomeLine;
}

/** A line of outcomes in the shape that the engine reads. */
export interface OutcomeLine {
  readonly o: number;
  readonly r: {
    readonly site: string;
    readonly source: string | null;
    readonly received_at: string;
    readonly failed_id?: string | null;
    readonly sent_at?: string | null;
    readonly sdk?: string | null;
    readonly client?: unknown;
    readonly stamps?: readonly unknown[];
    readonly failed?: readonly Readonly<Record<string, string | null>>[];
    readonly filtered?: readonly Readonly<Record<string, string | number | null>>[];
    readonly dropped?: readonly Readonly<Record<string, string | number | null>>[];
    readonly exempted?: readonly Loose[];
  };
}

export interface Examined {
  readonly rows: readonly CarefulRow[];
  readonly outcomes: readonly OutcomeLine[];
  /** What cannot even be told apart into events. */
  readonly unread: readonly OutcomeLine[];
}

type Loose = Readonly<Record<string, unknown>>;

/**
 * Takes a chunk's records apart in Node, trusting nothing in them: the slow way, for a chunk that the engine refused.
 * Every item ends as a row to try, an outcome in clean types, or a failure of stage `load` with its text.
 */
export function examine(chunk: LoadChunk, place: Place): Examined {
  const rows: CarefulRow[] = [];
  const outcomes: OutcomeLine[] = [];
  const unread: OutcomeLine[] = [];
  // What a record without a readable time is filed under: the segment's own, which is when it was opened.
  let lastReceived = new Date(chunk.segment).toISOString();
  chunk.records.forEach((bytes, index) => {
    const offset = chunk.offsets[index]!;
    if (offset < place.from) return;
    const json = Buffer.from(bytes).toString();
    const record = parse(json);
    const received = record && instant(record.received_at);
    if (!record || !received || record.v !== 1 || record.kind !== 'batch' || !isText(record.site)) {
      const head = { site: text(record?.site) ?? '', source: null, received_at: received ?? lastReceived };
      unread.push({ o: offset, r: { ...head, failed: [loadFailure('the record cannot be read', json)] } });
      return;
    }
    lastReceived = received;
    const head = { site: clean(record.site), source: text(record.source), received_at: received };
    for (const event of items(record.events))
      rows.push({
        row: JSON.stringify(rowOf(event, record, { ...place, offset })),
        setAside: () => ({ o: offset, r: { ...head, failed: [loadFailure('the event cannot be read', event)] } }),
      });
    outcomes.push({
      o: offset,
      r: {
        ...head,
        ...contextOf(record),
        failed_id: text(record.failed_id),
        failed: items(record.failed).map(failure),
        filtered: items(record.filtered).map((item) => ({ type: text(item.type), ...counted(item) })),
        dropped: items(record.dropped).map(counted),
        exempted: items(record.exempted).filter(isExempt),
      },
    });
  });
  return { rows, outcomes, unread };
}

function rowOf(event: Loose, record: Loose, { log, segment, offset }: Place & { offset: number }): Loose {
  const stamp = items(record.stamps)[Number(event.stamp)] ?? {};
  const place = { log_name: log, log_segment: segment, log_offset: offset };
  const origins = { event, record, stamp, client: object(record.client), place };
  return Object.fromEntries(
    (EVENT_COLUMNS as readonly EventColumn[]).map(({ name, field, from }) => [
      name,
      (origins[from] as Loose)[field ?? name] ?? null,
    ]),
  );
}

/** What its failures may be judged again by; nothing where it holds what no engine takes. */
function contextOf({ sent_at, sdk, client, stamps }: Loose): Partial<OutcomeLine['r']> {
  const context = { sent_at: text(sent_at), sdk: text(sdk), client: object(client), stamps: items(stamps) };
  return LONE_SURROGATE.test(JSON.stringify(context)) ? {} : context;
}

/** As `JSON.stringify` writes half of a surrogate pair. */
const LONE_SURROGATE = /\\ud[89a-f]/i;

const failure = (item: Loose): Record<string, string | null> => ({
  event_id: text(item.event_id),
  type: text(item.type),
  stage: text(item.stage) ?? 'load',
  code: text(item.code) ?? UNREADABLE,
  path: text(item.path),
  message: text(item.message),
  item: text(item.item),
});

/** A failure's code where the engine could not read what the collector had accepted. */
const UNREADABLE = 'unreadable';

function loadFailure(message: string, item: Loose | string): Record<string, string | null> {
  const known = typeof item === 'string' ? {} : (item as Partial<Record<keyof StoredFailure, unknown>>);
  return {
    event_id: text(known.event_id),
    type: text(known.type),
    stage: 'load',
    code: UNREADABLE,
    path: '',
    message,
    item: typeof item === 'string' ? item : JSON.stringify(item),
  };
}

/** Told without consent, and not as the collector writes it: nothing of it is kept, not even to be repaired. */
const isExempt = ({ event_id, occurred_at, type, ...rest }: Loose): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(event_id)) &&
  instant(occurred_at) !== undefined &&
  isText(type) &&
  !LONE_SURROGATE.test(JSON.stringify(rest));

const counted = (item: Loose): { code: string; count: number } => ({
  code: text(item.code) ?? UNREADABLE,
  count: Number.isSafeInteger(item.count) ? (item.count as number) : 1,
});

function parse(json: string): Loose | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Loose) : undefined;
  } catch {
    return undefined;
  }
}

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** A time in the years 1 to 9999, which every engine holds. */
function instant(value: unknown): string | undefined {
  const ms = isText(value) ? Date.parse(value) : Number.NaN;
  return ms >= FIRST && ms <= LAST ? new Date(ms).toISOString() : undefined;
}

const items = (value: unknown): readonly Loose[] => (Array.isArray(value) ? value.map(object) : []);
const object = (value: unknown): Loose => (typeof value === 'object' && value !== null ? (value as Loose) : {});
const isText = (value: unknown): value is string => typeof value === 'string';
/** Text without lone surrogates, which no engine takes. */
const clean = (value: string): string => Buffer.from(value).toString();
const text = (value: unknown): string | null => (isText(value) ? clean(value) : null);
