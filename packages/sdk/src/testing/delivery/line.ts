import type { DeliverySubject, SentEvent, Surroundings, Verdict } from './subject.ts';

/** What a request meets: verdicts, an answer of whatever shape, or one of the ways in which a network fails. */
export type Answer = 'ok' | 'no network' | 'aborted' | 'hangs' | 'hangs in the body' | 'breaks in the body' | Reply;

interface Reply {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: every event is accepted, where the status is 200. */
  readonly text?: string | null;
  /** One for each event; where they are fewer, the answer ends there. */
  readonly verdicts?: readonly Verdict[];
}

/** One request as it left. */
export interface Request {
  /** Ms since the line was opened. */
  readonly at: number;
  readonly body: string;
  readonly init: RequestInit;
  readonly events: readonly SentEvent[];
}

/** The way to the collector: takes down every request and answers it as told. */
export interface Line extends Surroundings {
  readonly requests: readonly Request[];
  readonly beacons: readonly string[];
  /** Names of the events that were accepted or known already, in order. */
  readonly settled: readonly string[];
  /** What the next requests meet, one each; the last for all that follow. */
  answer(...answers: readonly (Answer | ((request: Request) => Answer))[]): void;
  /** Ms between the requests. */
  gaps(): readonly number[];
}

export function openLine(subject: DeliverySubject): Line {
  const since = Date.now();
  const requests: Request[] = [];
  const beacons: string[] = [];
  const settled: string[] = [];
  let answers: readonly (Answer | ((request: Request) => Answer))[] = ['ok'];

  const reply = (request: Request, { status = 200, headers = {}, text, verdicts }: Reply): Response => {
    if (text !== undefined || status !== 200) return new Response(text ?? null, { status, headers });
    const given = verdicts ?? request.events.map(() => 'accepted' as const);
    given.forEach((verdict, n) => {
      if (verdict === 'accepted' || verdict === 'duplicate') settled.push(request.events[n]!.name);
    });
    return new Response(subject.answerTo(request.body, given), { headers });
  };

  /** The headers, the first half of a good answer, and then nothing more or the end of the connection. */
  const halfOf = (request: Request, breaks: boolean, signal: AbortSignal | null | undefined): Response => {
    const whole = new TextEncoder().encode(
      subject.answerTo(
        request.body,
        request.events.map(() => 'accepted'),
      ),
    );
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(whole.subarray(0, whole.length / 2));
        if (breaks) controller.error(new TypeError('network error'));
        signal?.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return new Response(body);
  };

  return {
    requests,
    beacons,
    settled,
    answer(...next) {
      answers = next;
    },
    gaps: () => requests.slice(1).map(({ at }, n) => at - requests[n]!.at),
    sendBeacon(_url, body) {
      beacons.push(String(body));
      return true;
    },
    async fetch(_url, init = {}) {
      const body = String(init.body);
      const request = { at: Date.now() - since, body, init, events: subject.eventsOf(body) };
      requests.push(request);
      const [next, ...rest] = answers;
      if (rest.length > 0) answers = rest;
      const answer = typeof next === 'function' ? next(request) : next!;
      switch (answer) {
        case 'ok':
          return reply(request, {});
        case 'no network':
          throw new TypeError('Failed to fetch');
        case 'aborted':
          throw new DOMException('', 'AbortError');
        case 'hangs':
          return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
        case 'hangs in the body':
        case 'breaks in the body':
          return halfOf(request, answer === 'breaks in the body', init.signal);
        default:
          return reply(request, answer);
      }
    },
  };
}
