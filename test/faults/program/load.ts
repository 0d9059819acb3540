import { randomUUID } from 'node:crypto';
import type { BatchReply } from '@parcours/protocol';
import { aBatch, anEvent, PHONE } from '../../support/batch.ts';
import type { Random } from '../../support/random.ts';
import { keptOpen, postBody } from './post.ts';

/** Many browsers at a time: each sends, waits for the answer, and sends again until it has one. */
export interface Load {
  /** Ids that were answered for: `accepted` or `duplicate`. */
  readonly promised: ReadonlySet<string>;
  /** Every id that was ever sent. */
  readonly sent: ReadonlySet<string>;
  /** How often each status was answered; 0 stands for no answer. */
  readonly answers: ReadonlyMap<number, number>;
  /** Answers other than 200, with what they said: the first hundred. */
  readonly refusals: readonly { readonly status: number; readonly retryAfter: unknown; readonly body: string }[];
  /** Ms of the 200s since it was asked last. */
  takeLatencies(): readonly number[];
  /** Resolves with the next 200 to a batch that is sent from now on. */
  nextPromise(): Promise<void>;
  /** Lets what is on its way be answered or fail, and ends. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly collector: string;
  readonly random: Random;
  readonly senders: number;
  readonly eventsPerBatch?: number;
  /** Ms between an answer and the next batch of the same sender. Default 1. */
  readonly pauseMs?: number;
  /** Share of batches that tell a new choice, so that a receipt is due. Default 0.2. */
  readonly newChoices?: number;
  readonly key?: string;
  readonly timeoutMs?: number;
}

export function startLoad(options: LoadOptions): Load {
  const { collector, random, senders, eventsPerBatch = 3, pauseMs = 1, newChoices = 0.2, key, timeoutMs } = options;
  const agent = keptOpen();
  const promised = new Set<string>();
  const sent = new Set<string>();
  const answers = new Map<number, number>();
  const refusals: { status: number; retryAfter: unknown; body: string }[] = [];
  let latencies: number[] = [];
  let waiting: { readonly since: number; resolve(): void }[] = [];
  let isStopped = false;

  const newBatch = (choice: { visitor: string; at: string; receipt?: string }): string => {
    const visitor_id = choice.visitor;
    const events = Array.from({ length: eventsPerBatch }, () => anEvent({ visitor_id }));
    for (const { event_id } of events) sent.add(event_id);
    const { at, receipt } = choice;
    const stamps = [{ purposes: ['audience'], source: 'manual', at, ...(receipt && { receipt }) }];
    return JSON.stringify(aBatch(events, { visitor_id, stamps, ...(key && { key }) }));
  };

  /** Whether it was answered with 200; the receipt if one was told. */
  async function post(body: string): Promise<{ isTaken: boolean; receipt?: string }> {
    const since = performance.now();
    try {
      const headers = { 'user-agent': PHONE };
      const answer = await postBody(`${collector}/v1/events`, body, {
        agent,
        headers,
        ...(timeoutMs !== undefined && { timeoutMs }),
      });
      answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
      if (answer.status !== 200) {
        const { status, headers, body: text } = answer;
        if (refusals.length < 100) refusals.push({ status, retryAfter: headers['retry-after'], body: text });
        return { isTaken: false };
      }
      latencies.push(answer.ms);
      const { results, receipts = [] } = JSON.parse(answer.body) as BatchReply;
      for (const { event_id, status } of results) {
        if (status === 'accepted' || status === 'duplicate') promised.add(event_id as string);
      }
      waiting = waiting.filter((each) => {
        if (each.since > since) return true;
        each.resolve();
        return false;
      });
      return { isTaken: true, ...(receipts[0] && { receipt: receipts[0] }) };
    } catch {
      answers.set(0, (answers.get(0) ?? 0) + 1);
      return { isTaken: false };
    }
  }

  async function send(): Promise<void> {
    const choose = () => ({ visitor: randomUUID(), at: new Date(Date.now() - 60_000).toISOString() });
    let choice: { visitor: string; at: string; receipt?: string } = choose();
    let last: string | undefined;
    while (!isStopped) {
      if (random() < newChoices) choice = choose();
      // Now and then the answer was lost on its way, and all is told again.
      const body = last !== undefined && random() < 0.1 ? last : newBatch(choice);
      for (;;) {
        const { isTaken, receipt } = await post(body);
        if (receipt && body.includes(choice.visitor)) choice = { ...choice, receipt };
        if (isTaken || isStopped) break;
        await pause(20);
      }
      last = body;
      await pause(pauseMs);
    }
  }

  const running = Array.from({ length: senders }, send);
  return {
    promised,
    sent,
    answers,
    refusals,
    takeLatencies() {
      const taken = latencies;
      latencies = [];
      return taken;
    },
    nextPromise: () =>
      new Promise((resolve) => {
        waiting.push({ since: performance.now(), resolve });
      }),
    async stop() {
      isStopped = true;
      await Promise.all(running);
      agent.destroy();
    },
  };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The value below which this share of the figures lies. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
