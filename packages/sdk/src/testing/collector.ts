import { type Batch, type BatchReply, type BrowserPolicy, DEFAULT_RULES } from '@parcours/protocol';
import { browserPolicy } from '@parcours/protocol/policy';

const SOURCES = { cmp: { audience: ['statistics'], ads_measurement: ['marketing', 'statistics'], crm_join: ['crm'] } };

/** A policy as the collector serves it, with a consent source of its own. */
export const POLICY: BrowserPolicy = browserPolicy({ ...DEFAULT_RULES, sources: SOURCES }, 'policy-hash-22-letters');

/** What the next request meets: an answer, no network, a page of somebody else's, or no answer at all. */
export type Weather =
  | 'up'
  | 'down'
  | 'portal'
  | 'hang'
  | Refusal
  | ((batch: Batch) => Partial<BatchReply> | Refusal | 'up');

interface Refusal {
  readonly status: number;
  readonly retryAfter?: string;
}

/** A collector in place of `fetch`: keeps every batch that arrived, and answers by the weather. */
export function createCollector() {
  const seen: Batch[] = [];
  const withdrawals: Batch[] = [];
  const accepted: Batch[] = [];
  const inits: RequestInit[] = [];
  let weather: Weather = 'up';
  let policy: BrowserPolicy | undefined = POLICY;
  /** Addresses from which a policy was asked, with what. */
  const asked: [url: string, init: RequestInit | undefined][] = [];
  const results = (batch: Batch): BatchReply => ({
    results: batch.events.map(({ event_id }) => ({ event_id, status: 'accepted' })),
  });
  return {
    /** Every batch of events that left the browser. */
    seen,
    /** What was taken back, of which the collector heard. */
    withdrawals,
    /** Those that were answered 200. */
    accepted,
    inits,
    set: (next: Weather): void => {
      weather = next;
    },
    asked,
    /** From now on it is this one. */
    publish: (next: BrowserPolicy | undefined): void => {
      policy = next;
    },
    events: () => accepted.flatMap((batch) => batch.events),
    fetch: async (url: unknown, init?: RequestInit): Promise<Response> => {
      const now = weather;
      if (init?.method !== 'POST') asked.push([String(url), init]);
      if (now === 'down') throw new TypeError('Failed to fetch');
      if (init?.method !== 'POST')
        return policy ? Response.json(policy) : Response.json({ error: { code: 'unknown_site' } }, { status: 404 });
      const batch = JSON.parse(init?.body as string) as Batch;
      (batch.withdrawn ? withdrawals : seen).push(batch);
      inits.push(init ?? {});
      if (now === 'portal') return new Response('<title>Sign in</title>');
      if (now === 'hang') {
        return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
      }
      const said = typeof now === 'function' ? now(batch) : now;
      if (said !== 'up' && 'status' in said) {
        const headers = said.retryAfter === undefined ? {} : { 'retry-after': said.retryAfter };
        return new Response('{}', { status: said.status, headers });
      }
      if (!batch.withdrawn) accepted.push(batch);
      return Response.json({ ...results(batch), ...(said !== 'up' && said) });
    },
  };
}
