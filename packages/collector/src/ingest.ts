import { type EventRecord, type EventResult, LIMITS, type Purpose } from '@parcours/protocol';
import { parseEvent } from '@parcours/protocol/schema';
import type { BatchRecord, Log, OutcomeCount, StoredEvent, StoredFailure } from '@parcours/store/log';
import { createDecision } from './consent/decide.ts';
import { utcText } from './enrich/clock.ts';
import type { Failure } from './failure.ts';
import { type Arrivals, withoutToken } from './link/arrivals.ts';
import type { JudgedSite, Site } from './options.ts';
import type { Envelope } from './read_envelope.ts';
import { createRecentEvents, type RecentBatch } from './recent.ts';
import { createEventStorage } from './stored_event.ts';
import { storedStamp } from './stored_stamp.ts';
import { decideVisitor, type VisitorDecision } from './visitor.ts';
import type { KnownVisitor } from './visitor_cookie.ts';

/** Who sent a batch, as the request tells it. */
export type Sender<S extends JudgedSite = Site> = WebSender<S> | ServerSender<S>;

/** A browser or an app: the request is the visitor's own. */
export interface WebSender<S extends JudgedSite = Site> {
  readonly site: S;
  readonly source: 'web';
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  /** What a valid visitor cookie says. */
  readonly visitor: KnownVisitor | undefined;
  /** Bytes of the body, decompressed. */
  readonly byteLength: number;
}

/** A shop's server, by its secret key: where it stands and what it calls itself says nothing of any visitor. */
export interface ServerSender<S extends JudgedSite = Site> {
  readonly site: S;
  readonly source: 'server';
  readonly byteLength: number;
}

export interface Judged {
  readonly results: EventResult[];
  readonly record: BatchRecord;
  readonly visitor: VisitorDecision | undefined;
}

export interface Ingest {
  /** What each item of a batch would become; nothing is stored. */
  judge(batch: Envelope, sender: Sender): Judged;
  /**
   * Judges a batch, leaves out what is stored already, and answers once the rest is on disk.
   *
   * @throws LogError where the log cannot take it: then no item of the batch was promised
   */
  store(batch: Envelope, sender: Sender): Promise<Pick<Judged, 'results' | 'visitor'>>;
}

export interface IngestOptions {
  readonly log: Log;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Reads who came by a link from another domain. */
  readonly arrivals: Arrivals;
  /** Told the rule each time the scrubber finds something. */
  readonly onScrub?: (rule: string) => void;
  /** Told of each event that is stored under another time than its sender's. */
  readonly onClockCorrected?: () => void;
}

/** Judges batches by the rules, and stores nothing. */
export function createJudge({ now, arrivals, onScrub, onClockCorrected }: Omit<IngestOptions, 'log'>): {
  judge(batch: Envelope, sender: Sender<JudgedSite>, seen?: SeenIds): Judged;
} {
  const storage = createEventStorage(onScrub ? { onHit: onScrub } : {});

  const judge = (batch: Envelope, sender: Sender<JudgedSite>, seen: SeenIds = seenHere()): Judged => {
    const receivedAt = now();
    const sentAt = Date.parse(batch.sent_at);
    const deny = createDecision(batch.stamps, sentAt);
    const permits = (pointer: unknown, purpose: Purpose): boolean => deny(pointer, purpose) === undefined;
    const arrived = arrivals.ofBatch(batch, {
      site: sender.site.id,
      sentAt,
      receivedAt,
      permits,
      use: seen.isStored,
    });
    const visitor =
      sender.source === 'web' ? decideVisitor(batch, sender.visitor, receivedAt, arrived.linked) : undefined;
    const rest = storage.forBatch({
      site: sender.site,
      source: sender.source,
      senderVisitorId: batch.visitor_id,
      visitor,
      sentAt,
      receivedAt,
      permits,
    });
    const results: EventResult[] = [];
    const events: StoredEvent[] = [];
    const failed: StoredFailure[] = [];
    const filtered = new Map<string, OutcomeCount>();

    const fail = (item: unknown, failure: Failure): void => {
      results.push({ event_id: idOf(item), status: 'failed', ...told(failure) });
      failed.push(rest.keep(withoutToken(item), failure));
    };
    // A batch under the limit of one event holds none above it.
    const mayBeTooLarge = sender.byteLength > LIMITS.eventBytes;

    for (const item of batch.events) {
      const refusal = isObject(item) ? deny((item as Partial<EventRecord>).stamp, 'audience') : undefined;
      if (refusal) {
        results.push({ event_id: idOf(item), status: 'filtered', code: refusal });
        const type = typeOf(item);
        const tally = `${type} ${refusal}`;
        filtered.set(tally, { type, code: refusal, count: (filtered.get(tally)?.count ?? 0) + 1 });
        continue;
      }
      if (mayBeTooLarge && Buffer.byteLength(JSON.stringify(item)) > LIMITS.eventBytes) {
        fail(item, {
          stage: 'validate',
          code: 'event_too_large',
          path: '',
          message: `the event is over ${LIMITS.eventBytes} bytes; its content is not kept`,
        });
        continue;
      }
      const parsed = parseEvent(item);
      if (!parsed.ok) {
        fail(item, { stage: 'validate', ...parsed });
        continue;
      }
      const id = parsed.event.event_id;
      if (!seen.take(id)) {
        results.push({ event_id: id, status: 'duplicate' });
        continue;
      }
      const stored = rest.store(parsed.event);
      if (!stored.ok) {
        seen.giveBack();
        fail(item, stored.failure);
        continue;
      }
      if (stored.event.client_occurred_at !== undefined && seen.isStored) onClockCorrected?.();
      events.push(arrived.settle(parsed.event, stored.event));
      results.push({ event_id: id, status: 'accepted' });
    }
    const record: BatchRecord = {
      v: 1,
      kind: 'batch',
      site: sender.site.id,
      source: sender.source,
      received_at: new Date(receivedAt).toISOString(),
      sent_at: utcText(batch.sent_at),
      sdk: storage.scrub.text(batch.sdk),
      client: storage.client(sender),
      // A denied stamp has nothing stored under it: its place is kept, its content is not.
      stamps: batch.stamps.map((stamp, index) =>
        storedStamp(deny(index, 'audience') ? undefined : stamp, storage.scrub),
      ),
      events,
      ...(failed.length > 0 && { failed }),
      ...(filtered.size > 0 && { filtered: [...filtered.values()] }),
      ...(batch.dropped && batch.dropped.length > 0 && { dropped: batch.dropped }),
    };
    return { results, record, visitor: events.length > 0 ? visitor : undefined };
  };
  return { judge };
}

export function createIngest({ log, ...rules }: IngestOptions): Ingest {
  const recent = createRecentEvents();
  const { judge } = createJudge(rules);

  const isEmpty = ({ events, failed, filtered, dropped }: BatchRecord): boolean =>
    events.length === 0 && !failed && !filtered && !dropped;

  const append = (record: BatchRecord, ids: RecentBatch): Promise<void> => {
    const stored = log.append(JSON.stringify(record));
    ids.begin(
      stored.then(
        () => true,
        () => false,
      ),
    );
    return stored;
  };

  return {
    judge: (batch, sender) => judge(batch, sender),
    store(batch, sender) {
      const ids = recent.batch(sender.site.id);
      const waiting = new Map<string, Promise<boolean>>();
      const { results, record, visitor } = judge(batch, sender, {
        isStored: true,
        take(id) {
          const seen = ids.take(id);
          if (typeof seen === 'object') waiting.set(id, seen);
          return seen === 'new';
        },
        giveBack: ids.giveBack,
      });
      return answered({ results, visitor }, isEmpty(record) ? undefined : append(record, ids), waiting);
    },
  };
}

/** Which ids of a batch are to be stored. */
interface SeenIds {
  /** Whether what is new will be stored: it is not where a batch is only judged. */
  readonly isStored: boolean;
  /** Whether the id is new, and taken from now on. */
  take(id: string): boolean;
  /** The id taken last will not be stored after all. */
  giveBack(): void;
}

/** A batch alone, where nothing is stored. */
function seenHere(): SeenIds {
  const taken = new Set<string>();
  let last = '';
  return {
    isStored: false,
    take(id) {
      last = id.toLowerCase();
      if (taken.has(last)) return false;
      taken.add(last);
      return true;
    },
    giveBack: () => void taken.delete(last),
  };
}

/**
 * The answer, once what it promises is on disk. Apart from judging, so that a request that waits for the disk keeps its answer
 * alive and nothing of the batch.
 */
async function answered(
  answer: Pick<Judged, 'results' | 'visitor'>,
  stored: Promise<void> | undefined,
  waiting: ReadonlyMap<string, Promise<boolean>>,
): Promise<Pick<Judged, 'results' | 'visitor'>> {
  await stored;
  // A repeat of what another request is storing is known only once that request's group is on disk.
  for (const [id, done] of waiting) {
    if (await done) continue;
    for (const result of answer.results) {
      if (result.event_id === id) Object.assign(result, { status: 'retry', code: 'store_unavailable' });
    }
  }
  return answer;
}

const isObject = (item: unknown): boolean => typeof item === 'object' && item !== null && !Array.isArray(item);

const told = ({ code, path, message }: Failure): Pick<EventResult, 'code' | 'path' | 'message'> => ({
  code,
  ...(path !== '' && { path }),
  message,
});

/** The id as it was sent, if it is short enough to be one. */
function idOf(item: unknown): string | null {
  const id = isObject(item) ? (item as Partial<EventRecord>).event_id : undefined;
  return typeof id === 'string' && id.length <= 64 ? id : null;
}

/** The type of an item that nothing else is kept of: only a name that could be one. */
function typeOf(item: unknown): string {
  const type = isObject(item) ? (item as Partial<EventRecord>).type : undefined;
  return typeof type === 'string' && type.length <= LIMITS.typeChars && /^[a-z][a-z0-9_]*$/.test(type) ? type : '';
}
