import type { Context, Hono } from 'hono';
import { answerError } from '../answer.ts';
import { CollectorError } from '../errors.ts';
import type { Incoming, Receive } from '../receive.ts';
import { toResponse } from '../to_response.ts';

/** `/v1/events` stores, `/v1/validate` only judges; both answer a preflight. */
export function eventsRoutes(app: Hono, receive: Receive, incoming: (context: Context) => Incoming): void {
  app.post('/v1/events', async (context) => toResponse(await receive.events(incoming(context))));
  app.post('/v1/validate', async (context) => toResponse(await receive.validate(incoming(context))));
  for (const path of ['/v1/events', '/v1/validate']) {
    app.options(path, (context) => toResponse(receive.preflight(incoming(context))));
    app.all(path, () => toResponse(answerError(new CollectorError('method_not_allowed'), { allow: 'POST, OPTIONS' })));
  }
}
