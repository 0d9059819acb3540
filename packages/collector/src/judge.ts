/**
 * What each item of a batch becomes, by every rule in its order, so that the accounts add up in one place. What each rule is
 * stands in files of its own.
 */
import { type BatchReply, type EventRecord, type EventResult, type FilteredCode, LIMITS } from '@parcours/protocol';
import { parseEvent } from '@parcours/protocol/schema';
import type { BatchRecord, OutcomeCount, StoredEvent, StoredExempt, StoredFailure } from '@parcours/store/log';
import type { NewReceipt } from '@parcours/store/receipts';
import type { Consent } from './consent/batch_consent.ts';
import { type Erased, namesOfItem } from './consent/erased.ts';
import { gateClient } from './consent/gate_client.ts';
import type { Gate } from './consent/gates.ts';
import type { ReceiptMaker } from './consent/new_receipt.ts';
import { createStampUse } from './consent/stamp_use.ts';
import { takesAll } from './consent/withdrawals.ts';
import { utcText } from './enrich/clock.ts';
import { createExempt, type ExemptBatch, type ExemptOptions } from './exempt/exempt_batch.ts';
import type { Failure } from './failure.ts';
import { at, idOf, isObject, toldOf, typeOf } from './items.ts';
import { type Arrivals, withoutToken } from './link/arrivals.ts';
import { newVisitorId } from './new_visitor.ts';
import type { JudgedSite } from './options.ts';
import type { Envelope } from './read_envelope.ts';
import { type SeenIds, seenHere } from './seen_ids.ts';
import type { Sender } from './sender.ts';
import { createEventStorage } from './stored_event.ts';
import { decideVisitor, type VisitorDecision } from './visitor.ts';

export interface Judged {
  readonly results: EventResult[];
  readonly record: BatchRecord;
  readonly visitor: VisitorDecision | undefined;
  /** Those of choices that were told for the first time. */
  readonly receipts: readonly NewReceipt[];
  readonly told: BatchReply['receipts'];
  /** Of all that is kept. */
  readonly gates: ReadonlySet<Gate>;
}

export interface JudgeOptions {
  readonly consent: Consent;
  readonly erased: Erased;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Reads who came by a link from another domain. */
  readonly arrivals: Arrivals;
  /** What judges that which is told without consent. Without it such events are refused. */
  readonly exempt?: Pick<ExemptOptions, 'policies' | 'dayVisitors'>;
  /** Told the rule each time the scrubber finds something. */
  readonly onScrub?: (rule: string) => void;
  /** Told of each event that is stored under another time than its sender's. */
  readonly onClockCorrected?: () => void;
  /** Left out where no receipts are given. */
  readonly receiptMaker?: ReceiptMaker;
}

/** Judges batches by the rules, and stores nothing. */
export function createJudge({
  now,
  arrivals,
  consent,
  erased,
  exempt,
  receiptMaker,
  onScrub,
  onClockCorrected,
}: JudgeOptions): {
  judge(batch: Envelope, sender: Sender<JudgedSite>, seen?: SeenIds): Judged;
} {
  const storage = createEventStorage(onScrub ? { onHit: onScrub } : {});
  const exempts = exempt && createExempt({ ...exempt, scrub: storage.scrub });

  const judge = (batch: Envelope, sender: Sender<JudgedSite>, seen: SeenIds = seenHere()): Judged => {
    const receivedAt = now();
    const sentAt = Date.parse(batch.sent_at);
    const site = sender.site.id;
    const isWeb = sender.source === 'web';
    const gpc = isWeb && sender.gpc;
    // Whoever took everything back and chooses anew is somebody else.
    const erasedHere = erased.on(site);
    const isForgotten = isWeb && erasedHere?.visitor(batch.visitor_id);
    const known = isWeb && !erasedHere?.visitor(sender.visitor?.id) ? sender.visitor : undefined;
    const cookie = takesAll(batch.withdrawn) ? undefined : known;
    const sdk = storage.scrub.text(batch.sdk);
    const permitted = consent.ofBatch({
      site,
      stamps: batch.stamps,
      sentAt,
      source: sender.source,
      gpc,
      senderVisitorId: batch.visitor_id,
      visitorId: cookie?.id ?? batch.visitor_id,
    });
    const arrived = arrivals.ofBatch(batch, {
      site,
      sentAt,
      receivedAt,
      mayTell(pointer, visitorId) {
        const { gate } = permitted.of(pointer, visitorId);
        return (
          gate !== undefined && !gate.refuses('cross_domain') && gate.keeps('props.token') && gate.keeps('visitor_id')
        );
      },
      use: seen.isStored,
    });
    const decided = isWeb
      ? decideVisitor(batch, cookie, receivedAt, { linked: arrived.linked, lifeMs: sender.lifeMs })
      : undefined;
    // Whoever was erased goes on as somebody new: the answer tells the browser, in the words of any other change of id.
    const visitor = isForgotten && !decided?.replaces ? successor(receivedAt) : decided;
    const present = visitor?.id ?? batch.visitor_id;
    permitted.standsFor(present);
    const stamps = createStampUse(batch.stamps.length, {
      scrub: storage.scrub,
      receiptOf:
        receiptMaker &&
        ((granted, visitorId) =>
          receiptMaker.grant(granted, present ?? visitorId, { site, sdk, gpc, sentAt, receivedAt })),
    });
    const rest = storage.forBatch({
      site: sender.site,
      source: sender.source,
      senderVisitorId: batch.visitor_id,
      visitor,
      sentAt,
      receivedAt,
    });
    const withoutConsent = exempts?.ofBatch(batch, sender, { sentAt, receivedAt });
    const results: EventResult[] = [];
    const events: StoredEvent[] = [];
    const exempted: StoredExempt[] = [];
    const failed: StoredFailure[] = [];
    const filtered = new Map<string, OutcomeCount>();
    /** Somebody who may be followed, but was erased under this id. */
    let isRefused = false;

    const gates = new Set<Gate>();

    const fail = (item: unknown, failure: Failure, gate?: Gate): void => {
      const kept = rest.keep(withoutToken(item), failure, gate);
      if (erasedHere?.names(namesOfItem(kept.item))) {
        leaveOut(item, 'subject_erased');
        return;
      }
      results.push({ event_id: idOf(item), status: 'failed', ...toldOf(failure) });
      failed.push(kept);
      if (gate) gates.add(gate);
    };
    const leaveOut = (item: unknown, code: FilteredCode): void => {
      results.push({ event_id: idOf(item), status: 'filtered', code });
      if (code === 'subject_erased') isRefused = true;
      const type = typeOf(item);
      const tally = `${type} ${code}`;
      filtered.set(tally, { type, code, count: (filtered.get(tally)?.count ?? 0) + 1 });
    };
    /** What was told without consent: the same steps by other rules, and nothing of it kept where it fails. */
    const takeExempt = (item: object, exempt: ExemptBatch): void => {
      const { type } = item as Partial<EventRecord>;
      const refusal = exempt.refuses(typeof type === 'string' ? type : '');
      if (refusal) {
        leaveOut(item, refusal);
        return;
      }
      const parsed = parseEvent(item);
      if (!parsed.ok) {
        fail(item, { stage: 'validate', ...parsed });
        return;
      }
      const { event } = parsed;
      if (!seen.take(event.event_id)) {
        results.push({ event_id: event.event_id, status: 'duplicate' });
        return;
      }
      const stored = exempt.store(event);
      if (stored.failure) {
        seen.giveBack();
        fail(item, stored.failure);
        return;
      }
      exempted.push(stored.row);
      results.push({ event_id: event.event_id, status: 'accepted' });
    };
    // A batch under the limit of one event holds none above it.
    const mayBeTooLarge = sender.byteLength > LIMITS.eventBytes;

    for (const item of batch.events) {
      if (!isObject(item)) {
        const { ok: _, ...fault } = parseEvent(item) as Extract<ReturnType<typeof parseEvent>, { ok: false }>;
        fail(item, { stage: 'validate', ...fault });
        continue;
      }
      const { stamp, visitor_id, type } = item as Partial<EventRecord>;
      if (withoutConsent?.has(stamp)) {
        takeExempt(item, withoutConsent);
        continue;
      }
      const granted = permitted.of(stamp, visitor_id);
      if (granted.code) {
        leaveOut(item, granted.code);
        continue;
      }
      const { gate } = granted;
      const refusal = gate.refuses(typeof type === 'string' ? type : '');
      if (refusal) {
        leaveOut(item, refusal);
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
        fail(at(item, stamps.use(granted)), { stage: 'validate', ...parsed }, gate);
        continue;
      }
      const gated = gate.event(parsed.event);
      if (gated.code) {
        leaveOut(item, gated.code);
        continue;
      }
      const { event } = gated;
      const id = event.event_id;
      if (!seen.take(id)) {
        // Its first answer may not have arrived, and with it the receipt.
        stamps.prove(granted, event.visitor_id);
        results.push({ event_id: id, status: 'duplicate' });
        continue;
      }
      const stored = rest.store(event, gate);
      if (!stored.ok) {
        seen.giveBack();
        fail(at(item, stamps.use(granted)), stored.failure, gate);
        continue;
      }
      if (erasedHere?.names(stored.event)) {
        seen.giveBack();
        leaveOut(item, 'subject_erased');
        continue;
      }
      if (stored.event.client_occurred_at !== undefined && seen.isStored) onClockCorrected?.();
      gates.add(gate);
      const kept = at(stored.event, stamps.prove(granted, event.visitor_id));
      events.push(arrived.settle(event, kept, (name) => gate.keeps(`props.${name}`)));
      results.push({ event_id: id, status: 'accepted' });
    }
    const record: BatchRecord = {
      v: 1,
      kind: 'batch',
      site,
      source: sender.source,
      received_at: new Date(receivedAt).toISOString(),
      sent_at: utcText(batch.sent_at),
      sdk,
      client: gateClient(storage.client(sender), gates),
      stamps: stamps.stored(),
      events,
      ...(failed.length > 0 && { failed }),
      ...(exempted.length > 0 && { exempted }),
      ...(filtered.size > 0 && { filtered: [...filtered.values()] }),
      ...(batch.dropped && batch.dropped.length > 0 && { dropped: batch.dropped }),
    };
    return {
      results,
      record,
      visitor: events.length > 0 || (isRefused && isForgotten && !takesAll(batch.withdrawn)) ? visitor : undefined,
      receipts: stamps.receipts(),
      told: stamps.told(),
      gates,
    };
  };
  return { judge };
}

/** Who goes on in the place of somebody who was erased. */
const successor = (now: number): VisitorDecision => ({
  id: newVisitorId(now),
  issuedAt: now,
  issue: true,
  replaces: true,
});
