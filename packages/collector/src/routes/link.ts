import type { Context, Hono } from 'hono';
import { answerError } from '../answer.ts';
import { CollectorError } from '../errors.ts';
import type { Incoming, Receive } from '../receive.ts';
import { toResponse } from '../to_response.ts';

/**
 * `/v1/link` gives a page the token for its links to another domain of the shop. It lies beside each address where events are
 * received (`/shop/link` beside `/shop/in`), where the visitor cookie is sent too.
 */
export function linkRoutes(
  app: Hono,
  { receive, endpoints }: { readonly receive: Receive; readonly endpoints: readonly string[] },
  incoming: (context: Context) => Incoming,
): void {
  for (const path of new Set(endpoints.map((endpoint) => endpoint.replace(/[^/]*$/, 'link')))) {
    app.post(path, async (context) => toResponse(await receive.link(incoming(context))));
    app.options(path, (context) => toResponse(receive.preflight(incoming(context))));
    app.all(path, () => toResponse(answerError(new CollectorError('method_not_allowed'), { allow: 'POST, OPTIONS' })));
  }
}
