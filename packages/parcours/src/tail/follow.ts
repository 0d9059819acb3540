import type { LiveLine } from '@parcours/journeys';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { RefusedError } from '../refused_error.ts';

/** What the reader sends at a time. */
export interface Lines {
  readonly lines: readonly LiveLine[];
  /** Lines that were left out because too many came at once. */
  readonly skipped: number;
}

export interface FollowOptions {
  /** Where the stream is now: a reader that was started anew may be elsewhere. Undefined while nothing runs. */
  readonly connect: (signal: AbortSignal) => Promise<Response | undefined>;
  readonly onLines: (lines: Lines, isFirst: boolean) => void;
  /** The stream ended, and is asked for again. */
  readonly onLost: () => void;
  readonly signal: AbortSignal;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

/**
 * Follows the reader's live lines until it is told to stop; through restarts of the reader, whose stream begins with the
 * newest lines again, and goes on with those that it had read and not yet loaded: those that were told already are left out.
 *
 * @throws RefusedError where the reader answers and refuses
 */
export async function followLines({ connect, onLines, onLost, signal, wait = pause }: FollowOptions): Promise<void> {
  const told = createTold();
  let waitMs = FIRST_WAIT_MS;
  let isFirst = true;
  while (!signal.aborted) {
    const response = await connect(signal).catch((error: Error) => {
      if (error instanceof RefusedError) throw error;
      return undefined;
    });
    if (response?.body) {
      try {
        const fresh = told.filter();
        for await (const { lines, skipped } of messages(response.body)) {
          waitMs = FIRST_WAIT_MS;
          const untold = fresh(lines);
          told.note(untold);
          onLines({ lines: untold, skipped }, isFirst);
          isFirst = false;
        }
      } catch (error) {
        // The reader died, or whoever follows wants no more.
        if (signal.aborted) return;
        if (!(error instanceof TypeError) && (error as Error).name !== 'AbortError') throw error;
      }
    }
    if (signal.aborted) return;
    onLost();
    await wait(waitMs, signal);
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }
}

async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Lines> {
  const events = body.pipeThrough(new TextDecoderStream() as never).pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events as unknown as AsyncIterable<{ event?: string; data: string }>) {
    if (event === 'lines') yield JSON.parse(data) as Lines;
  }
}

/** Lines remembered: more than the reader repeats. */
const REMEMBERED = 200;

/** The newest lines that were told, each by all that it says. */
function createTold() {
  let newest: string[] = [];
  return {
    note(lines: readonly LiveLine[]): void {
      newest = [...newest, ...lines.map((line) => JSON.stringify(line))].slice(-REMEMBERED);
    },
    /** Leaves out what was told before this call, in all that it is given from now on. */
    filter(): (lines: readonly LiveLine[]) => readonly LiveLine[] {
      const known = [...newest];
      return (lines) =>
        lines.filter((line) => {
          const at = known.indexOf(JSON.stringify(line));
          // Two lines may say the same: one that was told once is left out once.
          if (at >= 0) known.splice(at, 1);
          return at < 0;
        });
    },
  };
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
