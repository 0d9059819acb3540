import { Agent } from 'node:http';
import type { LargeBatch } from './large_batches.ts';
import { postBody } from './post.ts';

/** What became of batches that were sent. */
export interface Outcome {
  /** How often each status was answered; 0 stands for no answer. */
  readonly answers: ReadonlyMap<number, number>;
  /** Ms until each 200. */
  readonly takenMs: readonly number[];
  /** Why there was no answer. */
  readonly errors: readonly string[];
  /** What `Retry-After` said on answers other than 200. */
  readonly waits: readonly unknown[];
  /** Ids of what was answered with 200. */
  readonly promised: readonly string[];
}

/** Connections enough for all who wait, so that none waits for another one's answer before it is even sent. */
const manyConnections = (): Agent => new Agent({ keepAlive: true, maxSockets: 20_000 });

/** Books what becomes of each batch that is posted. */
function createBook(url: string) {
  const agent = manyConnections();
  const answers = new Map<number, number>();
  const takenMs: number[] = [];
  const errors: string[] = [];
  const waits: unknown[] = [];
  const promised: string[] = [];
  return {
    outcome: { answers, takenMs, errors, waits, promised } satisfies Outcome,
    async post({ body, ids }: LargeBatch): Promise<void> {
      const answer = await postBody(url, body, { agent }).catch((error: Error) => void errors.push(error.message));
      const status = answer?.status ?? 0;
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (answer?.status === 200) {
        takenMs.push(answer.ms);
        for (const id of ids) promised.push(id);
      } else if (answer) waits.push(answer.headers['retry-after']);
    },
    end: () => agent.destroy(),
  };
}

/** So many senders, each with the next batch as soon as the last is answered: as much as can be taken, and no more. */
export async function sendAsTaken(
  url: string,
  { senders, count, next }: { readonly senders: number; readonly count: number; readonly next: () => LargeBatch },
): Promise<Outcome> {
  const book = createBook(url);
  let left = count;
  const sendOn = async (): Promise<void> => {
    while (left-- > 0) await book.post(next());
  };
  await Promise.all(Array.from({ length: senders }, sendOn));
  book.end();
  return book.outcome;
}

/**
 * New senders, whatever becomes of those before: what a crowd does. Resolves once all are answered.
 *
 * @param due    how many are to be sent by now; who is late for a busy machine is sent at once
 * @param onLast called as the last is sent
 */
export async function sendAsDue(
  url: string,
  {
    batches,
    due,
    onLast,
  }: { readonly batches: readonly LargeBatch[]; readonly due: () => number; readonly onLast: () => Promise<void> },
): Promise<Outcome> {
  const book = createBook(url);
  const posts: Promise<void>[] = [];
  while (posts.length < batches.length) {
    for (const batch of batches.slice(posts.length, Math.ceil(due()))) posts.push(book.post(batch));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await onLast();
  await Promise.all(posts);
  book.end();
  return book.outcome;
}
