import { described, fallback, type Operation } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { answerError } from '../answer.ts';
import { CollectorError } from '../errors.ts';
import { CORS, NOT_CACHED } from '../openapi.ts';
import type { Incoming, Receive } from '../receive.ts';
import type { OwnData } from '../rights/own_data.ts';
import { eraseReply, ownRequest } from '../rights/own_schema.ts';
import { streamOf } from '../rights/stream.ts';
import { toResponse } from '../to_response.ts';
import { EVENTS } from './events.ts';
import { preflightOperation } from './preflight.ts';
import { BODY_ERRORS, BODY_HEADERS, BODY_TYPES } from './sent_body.ts';

const WHATS = ['export', 'erase'] as const;

const besides = (endpoint: string, what: (typeof WHATS)[number]): string => endpoint.replace(/[^/]*$/, `${what}-mine`);

/**
 * `/v1/export-mine` and `/v1/erase-mine`: the rights of whoever looks at a page of the shop, asked by that page. They lie beside
 * each address where events are received, in the cookie's own folder: only an answer from there removes it.
 */
export function ownDataRoutes(
  app: Hono,
  parts: {
    readonly receive: Pick<Receive, 'preflight'>;
    readonly ownData: OwnData;
    readonly endpoints: readonly string[];
    readonly incoming: (context: Context) => Incoming;
  },
): void {
  const { receive, ownData, incoming } = parts;
  const handle = {
    export: async (context: Context): Promise<Response> => {
      const answer = await ownData.export(incoming(context), context.req.raw.signal);
      return 'pieces' in answer ? new Response(streamOf(answer.pieces), answer) : toResponse(answer);
    },
    erase: async (context: Context): Promise<Response> => toResponse(await ownData.erase(incoming(context))),
  };
  for (const what of WHATS) {
    for (const path of new Set(parts.endpoints.map((endpoint) => besides(endpoint, what)))) {
      const suffix = path === besides(EVENTS, what) ? '' : 'AtOwnPath';
      app.post(path, described(OPERATIONS[what](`${what}Mine${suffix}`), handle[what]));
      const name = `${what[0]?.toUpperCase()}${what.slice(1)}`;
      app.options(
        path,
        described(preflightOperation(`askTo${name}Mine${suffix}`), (context: Context) =>
          toResponse(receive.preflight(incoming(context))),
        ),
      );
      app.all(
        path,
        fallback(() => toResponse(answerError(new CollectorError('method_not_allowed'), { allow: 'POST, OPTIONS' }))),
      );
    }
  }
}

const EXAMPLE = {
  site: 'shop',
  key: 'pk_demo',
  visitor_id: '019aa1c0-0000-7000-8000-00000000000a',
  stamp: {
    purposes: ['audience'],
    source: 'manual',
    at: '2026-11-22T09:59:00.000Z',
    receipt: 'iLaSX6Re2kS_kT78URYvbQ',
  },
};

const shared = {
  tag: 'rights',
  inHeaders: { ...BODY_HEADERS, origin: { ...BODY_HEADERS.origin, description: "The page's: one of the site's." } },
  inCookies: { pc_shop: { description: 'The visitor, as an answer to events set it; named after the site.' } },
  body: { types: BODY_TYPES, schema: ownRequest, examples: { 'a visitor with a receipt': EXAMPLE } },
} as const;

const ERRORS = [...BODY_ERRORS, 'unknown_key', 'not_proven', 'not_for_pages', 'not_found'] as const;

const OPERATIONS: Readonly<Record<(typeof WHATS)[number], (id: string) => Operation>> = {
  export: (id) => ({
    ...shared,
    id,
    summary: 'What the tables hold of whoever looks at the page',
    description:
      'Of the visitor whom the signed cookie names, else of `visitor_id` with the receipt that was issued to it: never of a customer or another device. Off unless `rightsFromPages` of the site names `export`.',
    answers: {
      200: { description: 'One JSON document.', type: 'application/json', headers: { ...NOT_CACHED, ...CORS } },
    },
    errors: [...ERRORS, 'tables_unavailable'],
  }),
  erase: (id) => ({
    ...shared,
    id,
    summary: 'Erases what is recorded of whoever looks at the page',
    description:
      'Proven in the same way, and answered once it is on disk: what arrives under the id is refused from then on, and what is recorded goes. Sent again it records nothing twice. Off unless `rightsFromPages` of the site names `erase`.',
    answers: {
      200: {
        description: 'It is recorded.',
        schema: eraseReply,
        headers: {
          ...NOT_CACHED,
          ...CORS,
          'set-cookie': { description: 'Removes the visitor cookie.', schema: z.string(), required: true },
        },
        examples: { erased: { log_gone_by: '2026-11-30' } },
      },
    },
    errors: [...ERRORS, 'overloaded', 'store_unavailable'],
  }),
};
