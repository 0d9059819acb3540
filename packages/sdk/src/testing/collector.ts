import type { Batch, BatchReply } from '@parcours/protocol';

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
  const accepted: Batch[] = [];
  const inits: RequestInit[] = [];
  let weather: Weather = 'up';
  const results = (batch: Batch): BatchReply => ({
    results: batch.events.map(({ event_id }) => ({ event_id, status: 'accepted' })),
  });
  return {
    /** Every batch that left the browser. */
    seen,
    /** Those that were answered 200. */
    accepted,
    inits,
    set: (next: Weather): void => {
      weather = next;
    },
    events: () => accepted.flatMap((batch) => batch.events),
    fetch: async (_url: unknown, init?: RequestInit): Promise<Response> => {
      const now = weather;
      if (now === 'down') throw new TypeError('Failed to fetch');
      const batch = JSON.parse(init?.body as string) as Batch;
      seen.push(batch);
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
      accepted.push(batch);
      return Response.json({ ...results(batch), ...(said !== 'up' && said) });
    },
  };
}
