import { described, fallback, type Operation } from '@parcours/protocol/openapi';
import { type Context, Hono } from 'hono';
import { answerError, answerJson } from '../answer.ts';
import { CollectorError } from '../errors.ts';
import { toResponse } from '../to_response.ts';
import type { Filter } from './filter.ts';
import type { Journal } from './journal.ts';
import { isLoopbackHost, isLoopbackOrigin } from './loopback.ts';
import { matching, nearMisses } from './near_miss.ts';
import { microOpenApi, OPERATIONS } from './openapi.ts';
import { microPage, PAGE_HEADERS } from './page.ts';
import { QueryError, readEventsQuery, readWaitQuery } from './query.ts';
import { waitFor } from './wait.ts';

const DEFAULT_LIMIT = 100;
const DEFAULT_TIMEOUT_MS = 5_000;

export interface MicroRoutes {
  /** What was seen since the last reset. */
  readonly journal: () => Journal;
  readonly onChange: (listener: () => void) => () => void;
  readonly reset: () => void;
  /** Whether only those who call this machine by a name of its own are answered. */
  readonly loopbackOnly: boolean;
}

/** What tests ask: everything that the collector received, and how it ended. */
export function microRoutes({ journal, onChange, reset, loopbackOnly }: MicroRoutes): Hono {
  const app = new Hono().basePath('/micro');
  app.use(async (context, next) => {
    const fault = strangerFault(context, loopbackOnly);
    if (fault) return answer(403, { error: { code: 'stranger', message: fault } });
    if (context.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: corsOf(context) });
    await next();
    for (const [name, value] of Object.entries(corsOf(context))) context.res.headers.set(name, value);
  });
  app.onError((error) => {
    if (!(error instanceof QueryError)) return toResponse(answerError(error));
    return answer(400, { error: { code: 'bad_query', message: error.message } });
  });

  app.get(
    '/',
    described(OPERATIONS.page, () => new Response(microPage(journal()), { headers: PAGE_HEADERS })),
  );
  app.get(
    '/events',
    described(OPERATIONS.events, (context: Context) => {
      const { filter, values } = readEventsQuery(new URL(context.req.url).searchParams);
      const { limit = DEFAULT_LIMIT, order = 'oldest', after } = values;
      const all = matching(journal(), filter);
      const ordered = order === 'oldest' ? all : [...all].reverse();
      const rest = ordered.filter(({ n }) => after === undefined || (order === 'oldest' ? n > after : n < after));
      const events = rest.slice(0, limit);
      // Where the next page begins: absent on the last.
      const next = rest.length > events.length ? events.at(-1)?.n : undefined;
      return answer(200, { events, total: all.length, ...(next !== undefined && { next }) });
    }),
  );
  app.get(
    '/wait',
    described(OPERATIONS.wait, async (context: Context) => {
      const { filter, values } = readWaitQuery(new URL(context.req.url).searchParams);
      const { count = 1, timeout: timeoutMs = DEFAULT_TIMEOUT_MS } = values;
      const { signal } = context.req.raw;
      const events = await waitFor(() => matching(journal(), filter), { count, timeoutMs, onChange, signal });
      if (events.length >= count) return answer(200, { events, total: events.length });
      const message = missed(count, timeoutMs, events.length);
      return answer(408, { error: { code: 'timeout', message }, events, ...insteadOf(journal(), filter) });
    }),
  );
  const tells = (operation: Operation, path: string, tell: () => object): void => {
    app.get(
      path,
      described(operation, () => answer(200, tell())),
    );
  };
  tells(OPERATIONS.failed, '/failed', () => listed('failed', journal().failed()));
  tells(OPERATIONS.refused, '/refused', () => listed('refused', journal().refused()));
  tells(OPERATIONS.filtered, '/filtered', () => counted(journal().filtered()));
  tells(OPERATIONS.dropped, '/dropped', () => counted(journal().dropped()));
  tells(OPERATIONS.accounts, '/accounts', () => journal().accounts());
  tells(OPERATIONS.document, '/openapi.json', () => microOpenApi(app));
  app.post(
    '/reset',
    described(OPERATIONS.reset, () => {
      reset();
      return new Response(null, { status: 204 });
    }),
  );
  app.all(
    '/*',
    fallback(() => toResponse(answerError(new CollectorError('not_found')))),
  );
  return app;
}

/** What there was where too few events matched. */
function insteadOf(journal: Journal, filter: Filter): object {
  const ofType = <T extends { readonly type?: string }>(all: readonly T[]): readonly T[] =>
    all.filter(({ type }) => filter.type === undefined || type === filter.type);
  return {
    types: journal.accounts().types,
    nearest: nearMisses(journal, filter),
    failed: ofType(journal.failed()),
    filtered: ofType(journal.filtered()),
    refused: journal.refused(),
  };
}

const answer = (status: number, body: object): Response => toResponse(answerJson(status, JSON.stringify(body)));

const listed = <T>(name: string, all: readonly T[]) => ({ [name]: all, total: all.length });

const counted = (counts: readonly { readonly count: number }[]) => ({
  counts,
  total: counts.reduce((sum, { count }) => sum + count, 0),
});

const missed = (count: number, timeoutMs: number, got: number): string =>
  `waited ${timeoutMs} ms for ${count} matching ${count === 1 ? 'event' : 'events'}, there ${got === 1 ? 'is' : 'are'} ${got}`;

/** Pages of this machine may read the answers; no others. */
function corsOf(context: Context): Record<string, string> {
  const origin = context.req.header('origin');
  if (origin === undefined || !isLoopbackOrigin(origin)) return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type',
  };
}

/** A page of elsewhere, or one that got here by a name of its own for this machine (DNS rebinding), is told nothing. */
function strangerFault(context: Context, loopbackOnly: boolean): string | undefined {
  const origin = context.req.header('origin');
  if (origin !== undefined && !isLoopbackOrigin(origin)) return 'only pages of this machine may ask';
  if (!loopbackOnly) return undefined;
  const host = context.req.header('host');
  const name = host === undefined ? 'localhost' : host.replace(/:\d+$/, '');
  return isLoopbackHost(name) ? undefined : 'ask by localhost, or listen with --host for other names';
}
