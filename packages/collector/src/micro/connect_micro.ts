import type { Accounts, SeenCount, SeenEvent, SeenFailure, SeenRefusal } from './seen.ts';

/** What an event is asked for: a column, `props.<name>` or `keys.<name>`, and the value that it must have. */
export type EventFilter = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface WaitOptions {
  /** How many events must be there. Default 1. */
  readonly count?: number;
  /** Default 5,000. */
  readonly timeoutMs?: number;
}

/** A running micro collector, asked by a test. */
export interface MicroClient {
  /** Where pages load `p.js` and send: such as `http://localhost:9090`. */
  readonly url: string;
  /** Accepted events in their stored form, the oldest first. */
  events(filter?: EventFilter): Promise<readonly SeenEvent[]>;
  /**
   * The matching events, as soon as there are enough.
   *
   * @throws MicroTimeoutError with what was there instead
   */
  wait(filter?: EventFilter, options?: WaitOptions): Promise<readonly SeenEvent[]>;
  failed(): Promise<readonly SeenFailure[]>;
  /** Whole requests that were refused: a wrong key, an unknown site, a page that may not send. */
  refused(): Promise<readonly SeenRefusal[]>;
  /** Events left out for want of consent, counted. */
  filtered(): Promise<readonly SeenCount[]>;
  /** Events that browsers let go for technical reasons, counted. */
  dropped(): Promise<readonly SeenCount[]>;
  accounts(): Promise<Accounts>;
  /** Forgets everything, as if just started. */
  reset(): Promise<void>;
  /** Ends the collector where this test started it; one that was connected to goes on. */
  stop(): Promise<void>;
}

/** The time was over before enough events were there; the message says what was there instead. */
export class MicroTimeoutError extends Error {
  override name = 'MicroTimeoutError';
  constructor(
    message: string,
    /** The matching events that there were. */
    readonly events: readonly SeenEvent[],
    /** Accepted events by type, whatever they are. */
    readonly types: Readonly<Record<string, number>>,
  ) {
    super(message);
  }
}

/** Events a page of the answer; a client reads all pages. */
const PAGE_EVENTS = 1_000;

/**
 * Speaks to a micro collector that runs already, such as `npx parcours micro`.
 *
 * @param url its address; default that of `PARCOURS_MICRO_URL`, which `parcours micro -- <command>` sets, or port 9090 here
 * @example
 * const micro = connectMicro();
 * await micro.wait({ type: 'purchase', order_id: 'W-1' });
 */
export function connectMicro(url = process.env.PARCOURS_MICRO_URL || 'http://localhost:9090'): MicroClient {
  const origin = new URL(url).origin;

  const request = async (path: string, init?: RequestInit): Promise<Response> => {
    try {
      return await fetch(`${origin}/micro/${path}`, init);
    } catch (cause) {
      const hint = 'start one with: npx parcours micro';
      throw new Error(`[parcours] no micro collector answers at ${origin}; ${hint}`, { cause });
    }
  };
  const ask = async <T>(path: string): Promise<T> => {
    const response = await request(path);
    const answer = (await response.json()) as T & { readonly error?: { readonly message: string } };
    if (!response.ok) throw new Error(`[parcours] ${answer.error?.message ?? `${origin} answered ${response.status}`}`);
    return answer;
  };

  return {
    url: origin,
    async events(filter = {}) {
      const events: SeenEvent[] = [];
      let after: number | undefined = 0;
      while (after !== undefined) {
        const query = queryOf(filter, { limit: PAGE_EVENTS, after });
        const page: EventsPage = await ask(`events?${query}`);
        events.push(...page.events);
        after = page.next;
      }
      return events;
    },
    async wait(filter = {}, { count = 1, timeoutMs = 5_000 } = {}) {
      const response = await request(`wait?${queryOf(filter, { count, timeout: timeoutMs })}`);
      const answer = (await response.json()) as EventsPage & TimeoutAnswer;
      if (response.ok) return answer.events;
      if (response.status !== 408) throw new Error(`[parcours] ${answer.error.message}`);
      const instead = Object.entries(answer.types).map(([type, times]) => `${times} ${type}`);
      const message = `[parcours] ${answer.error.message}; received: ${instead.join(', ') || 'nothing'}`;
      throw new MicroTimeoutError(message, answer.events, answer.types);
    },
    failed: async () => (await ask<{ readonly failed: readonly SeenFailure[] }>('failed')).failed,
    refused: async () => (await ask<{ readonly refused: readonly SeenRefusal[] }>('refused')).refused,
    filtered: async () => (await ask<CountsAnswer>('filtered')).counts,
    dropped: async () => (await ask<CountsAnswer>('dropped')).counts,
    accounts: () => ask('accounts'),
    async reset() {
      const response = await request('reset', { method: 'POST' });
      if (!response.ok) throw new Error(`[parcours] ${origin} answered ${response.status} to a reset`);
    },
    stop: async () => {},
  };
}

interface EventsPage {
  readonly events: readonly SeenEvent[];
  readonly next?: number;
}

interface TimeoutAnswer {
  readonly error: { readonly message: string };
  readonly types: Readonly<Record<string, number>>;
}

interface CountsAnswer {
  readonly counts: readonly SeenCount[];
}

function queryOf(filter: EventFilter, more: Readonly<Record<string, number>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries({ ...filter, ...more })) {
    if (value !== undefined) query.set(field, String(value));
  }
  return query;
}
