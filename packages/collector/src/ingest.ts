import type { BatchRecord, Log } from '@parcours/store/log';
import type { Receipts } from '@parcours/store/receipts';
import type { ReceiptMaker, Withdrawal } from './consent/new_receipt.ts';
import type { KnownWithdrawals, NewWithdrawal } from './consent/withdrawals.ts';
import { createJudge, type Judged, type JudgeOptions } from './judge.ts';
import type { Envelope } from './read_envelope.ts';
import { createRecentEvents, type RecentBatch } from './recent.ts';
import type { Sender } from './sender.ts';

/** What is answered of a batch. */
export type Answered = Pick<Judged, 'results' | 'visitor' | 'told'>;

export interface Ingest {
  /** What each item of a batch would become; nothing is stored. */
  judge(batch: Envelope, sender: Sender): Judged;
  /**
   * Judges a batch, leaves out what is stored already, and answers once the rest, the receipts that are due and what was
   * withdrawn are on disk.
   *
   * @throws LogError where the log or the receipts cannot take it: then no item of the batch was promised
   */
  store(batch: Envelope, sender: Sender): Promise<Answered>;
}

export interface IngestOptions extends JudgeOptions {
  readonly log: Log;
  readonly receipts: Pick<Receipts, 'append'>;
  readonly receiptMaker: ReceiptMaker;
  readonly withdrawals: Pick<KnownWithdrawals, 'add'>;
  /** Tells every other collector of a withdrawal, durably. */
  readonly recordWithdrawal: (withdrawal: NewWithdrawal) => Promise<void>;
}

export function createIngest(options: IngestOptions): Ingest {
  const { log, receipts, receiptMaker, withdrawals, recordWithdrawal, now } = options;
  const recent = createRecentEvents();
  const { judge } = createJudge(options);

  const isEmpty = ({ events, exempted, failed, filtered, dropped }: BatchRecord): boolean =>
    events.length === 0 && !exempted && !failed && !filtered && !dropped;

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

  /** Blocks what was withdrawn from now on, here; and everywhere, once this is done. */
  const withdraw = async (batch: Envelope, sender: Sender): Promise<void> => {
    const { withdrawn } = batch;
    if (!withdrawn) return;
    const isWeb = sender.source === 'web';
    const ids = new Set([isWeb ? sender.visitor?.id : undefined, batch.visitor_id]);
    const context = {
      site: sender.site.id,
      sdk: batch.sdk,
      gpc: isWeb && sender.gpc,
      sentAt: Date.parse(batch.sent_at),
      receivedAt: now(),
    };
    const taken = [...ids]
      .map((id) => (id === undefined ? undefined : receiptMaker.withdraw(withdrawn, id, context)))
      .filter((each): each is Withdrawal => each !== undefined);
    for (const each of taken) withdrawals.add(each);
    await Promise.all(
      taken.map(async ({ receipt, ...told }) => {
        await Promise.all([receipts.append(receipt), recordWithdrawal(told)]);
      }),
    );
  };

  return {
    judge: (batch, sender) => judge(batch, sender),
    store(batch, sender) {
      // Before anything of the batch is judged.
      const withdrawn = batch.withdrawn && withdraw(batch, sender);
      const ids = recent.batch(sender.site.id);
      const waiting = new Map<string, Promise<boolean>>();
      const judged = judge(batch, sender, {
        isStored: true,
        take(id) {
          const seen = ids.take(id);
          if (typeof seen === 'object') waiting.set(id, seen);
          return seen === 'new';
        },
        giveBack: ids.giveBack,
      });
      const { results, record, visitor, told } = judged;
      const stored = isEmpty(record) ? undefined : append(record, ids);
      const due = judged.receipts.map((receipt) => receipts.append(receipt));
      const all = due.length > 0 || withdrawn ? Promise.all([stored, withdrawn, ...due]) : stored;
      return answered({ results, visitor, told }, all, waiting);
    },
  };
}

/**
 * The answer, once what it promises is on disk. Apart from judging, so that a request that waits for the disk keeps its answer
 * alive and nothing of the batch.
 */
async function answered(
  answer: Answered,
  stored: Promise<unknown> | undefined,
  waiting: ReadonlyMap<string, Promise<boolean>>,
): Promise<Answered> {
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
