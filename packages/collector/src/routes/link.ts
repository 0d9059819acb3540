import { described, fallback, type Operation } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';
import { answerError } from '../answer.ts';
import { CollectorError } from '../errors.ts';
import { linkReply, linkRequest } from '../link/link_schema.ts';
import { CORS, NOT_CACHED } from '../openapi.ts';
import type { Incoming, Receive } from '../receive.ts';
import { toResponse } from '../to_response.ts';
import { EVENTS } from './events.ts';
import { preflightOperation } from './preflight.ts';
import { BODY_ERRORS, BODY_HEADERS, BODY_TYPES } from './sent_body.ts';

const besides = (endpoint: string): string => endpoint.replace(/[^/]*$/, 'link');

/**
 * `/v1/link` gives a page the token for its links to another domain of the shop. It lies beside each address where events are
 * received (`/shop/link` beside `/shop/in`), where the visitor cookie is sent too.
 */
export function linkRoutes(
  app: Hono,
  { receive, endpoints }: { readonly receive: Receive; readonly endpoints: readonly string[] },
  incoming: (context: Context) => Incoming,
): void {
  for (const path of new Set(endpoints.map(besides))) {
    const suffix = path === besides(EVENTS) ? '' : 'AtOwnPath';
    app.post(
      path,
      described(linkOperation(`issueLinkToken${suffix}`), async (context: Context) =>
        toResponse(await receive.link(incoming(context))),
      ),
    );
    app.options(
      path,
      described(preflightOperation(`askToIssueLinkToken${suffix}`), (context: Context) =>
        toResponse(receive.preflight(incoming(context))),
      ),
    );
    app.all(
      path,
      fallback(() => toResponse(answerError(new CollectorError('method_not_allowed'), { allow: 'POST, OPTIONS' }))),
    );
  }
}

const linkOperation = (id: string): Operation => ({
  id,
  tag: 'events',
  summary: "A token for a page's links to another domain of the shop",
  description: 'Only pages have links, and a page is known by its origin: no key is asked for.',
  inHeaders: {
    ...BODY_HEADERS,
    origin: { ...BODY_HEADERS.origin, description: "The page's origin: it says which site this is." },
  },
  inCookies: { pc_shop: { description: 'The visitor, as an answer to events set it; named after the site.' } },
  body: {
    types: BODY_TYPES,
    schema: linkRequest,
    examples: { 'a visitor': { visitor_id: '019aa1c0-0000-7000-8000-00000000000a' } },
  },
  answers: {
    200: {
      description: 'The token, for two minutes.',
      schema: linkReply,
      headers: { ...NOT_CACHED, ...CORS },
      examples: { 'a token': { token: 'AbC_dEf-123', expires_in: 120 } },
    },
    204: { description: 'No token: it is not sure who the visitor is.', headers: CORS },
  },
  errors: [...BODY_ERRORS],
});
