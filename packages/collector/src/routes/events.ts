import type { Context, Hono } from 'hono';
import { answerError } from '../answer.ts';
import { CollectorError } from '../errors.ts';
import type { Incoming, Receive } from '../receive.ts';
import { toResponse } from '../to_response.ts';

/** Where events are received. */
export const EVENTS = '/v1/events';
const VALIDATE = '/v1/validate';

/** `/v1/events` (and its other paths) stores, `/v1/validate` only judges; all answer a preflight. */
export function eventsRoutes(
  app: Hono,
  { receive, endpoints }: { readonly receive: Receive; readonly endpoints: readonly string[] },
  incoming: (context: Context) => Incoming,
): void {
  for (const path of endpoints) {
    app.post(path, async (context) => toResponse(await receive.events(incoming(context))));
  }
  app.post(VALIDATE, async (context) => toResponse(await receive.validate(incoming(context))));
  for (const path of [...endpoints, VALIDATE]) {
    app.options(path, (context) => toResponse(receive.preflight(incoming(context))));
    app.all(path, () => toResponse(answerError(new CollectorError('method_not_allowed'), { allow: 'POST, OPTIONS' })));
  }
}
