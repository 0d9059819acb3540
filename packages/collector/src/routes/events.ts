import { LIMITS } from '@parcours/protocol';
import { batchReply, described, fallback, type Operation } from '@parcours/protocol/openapi';
import { batch } from '@parcours/protocol/schema';
import type { Context, Hono } from 'hono';
import { answerError } from '../answer.ts';
import { CollectorError } from '../errors.ts';
import { CORS, NOT_CACHED } from '../openapi.ts';
import type { Incoming, Receive } from '../receive.ts';
import { toResponse } from '../to_response.ts';
import { preflightOperation } from './preflight.ts';
import { BODY_ERRORS, BODY_HEADERS, BODY_TYPES } from './sent_body.ts';

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
    app.post(
      path,
      described(eventsOperation(path), async (context: Context) => toResponse(await receive.events(incoming(context)))),
    );
  }
  app.post(
    VALIDATE,
    described(VALIDATE_OPERATION, async (context: Context) => toResponse(await receive.validate(incoming(context)))),
  );
  for (const path of [...endpoints, VALIDATE]) {
    const id = path === VALIDATE ? 'askToValidate' : `askToSendEvents${suffixOf(path)}`;
    app.options(
      path,
      described(preflightOperation(id), (context: Context) => toResponse(receive.preflight(incoming(context)))),
    );
    app.all(
      path,
      fallback(() => toResponse(answerError(new CollectorError('method_not_allowed'), { allow: 'POST, OPTIONS' }))),
    );
  }
}

const suffixOf = (path: string): string => (path === EVENTS ? '' : 'AtOwnPath');

const EXAMPLE = {
  v: 1,
  site: 'shop',
  key: 'pk_demo',
  sdk: '1.0.0',
  sent_at: '2026-11-22T10:00:01.000Z',
  visitor_id: '019aa1c0-0000-7000-8000-00000000000a',
  stamps: [{ purposes: ['audience'], source: 'manual', at: '2026-11-22T09:59:00.000Z' }],
  events: [
    {
      event_id: '019aa1c0-0000-7000-8000-000000000001',
      type: 'page_view',
      occurred_at: '2026-11-22T10:00:00.000Z',
      stamp: 0,
      visitor_id: '019aa1c0-0000-7000-8000-00000000000a',
      page: { url: 'https://shop.example/boots', title: 'Boots' },
    },
  ],
};

const { stamps: _, events: __, ...ENVELOPE } = EXAMPLE;
const WITHDRAWAL = { ...ENVELOPE, withdrawn: { at: '2026-11-22T10:00:00.000Z' }, stamps: [], events: [] };

const ACCEPTED = { event_id: '019aa1c0-0000-7000-8000-000000000001', status: 'accepted' };
const DENIED = {
  event_id: '019aa1c0-0000-7000-8000-000000000003',
  status: 'filtered',
  code: 'consent_denied',
};
const FAILED = {
  event_id: '019aa1c0-0000-7000-8000-000000000002',
  status: 'failed',
  code: 'invalid_field',
  path: 'props.items[0].price',
  message: 'Invalid input: expected number, received string',
};

const shared = {
  tag: 'events',
  security: ['none', 'secretKey'],
  body: {
    description: `At most ${LIMITS.batchEvents} events and ${LIMITS.batchBytes} bytes. The public key stands in \`key\`; servers may send a secret key in the header Authorization instead.`,
    types: BODY_TYPES,
    schema: batch.meta({
      id: 'Batch',
      description: 'Events that one sender tells, and the consent that they happened under.',
    }),
    examples: { 'a page view': EXAMPLE, 'a withdrawal': WITHDRAWAL },
  },
} as const;

const eventsOperation = (path: string): Operation => ({
  ...shared,
  id: `sendEvents${suffixOf(path)}`,
  summary: 'Stores a batch of events',
  description:
    'Answers once every accepted event is on disk. Each event is judged alone: one that is wrong does not cost its neighbours. Sending the same batch again is safe: what is stored already comes back as `duplicate`.\n\nConsent is decided here, by the stamp that an event points at, its receipt, the policy in force, withdrawals and `Sec-GPC`: an event that nothing permits is `filtered`, and fields whose purposes were not granted are not stored. A stamp without `receipt` tells its choice for the first time and gets its receipt in `receipts`. `withdrawn` blocks what was chosen before it, at once here and within a second at every collector; such a batch may have no events.',
  inHeaders: { ...BODY_HEADERS, 'sec-gpc': { description: '`1` takes away what the policy says.' } },
  inCookies: VISITOR_COOKIE,
  answers: {
    200: {
      description: 'What became of each event, in the order sent.',
      schema: batchReply,
      headers: {
        ...NOT_CACHED,
        ...CORS,
        'set-cookie': {
          description:
            "The visitor's cookie, `pc_<site>`, where it is new or has changed; removed where all was withdrawn.",
        },
      },
      examples: {
        accepted: { results: [ACCEPTED] },
        'in part': { results: [ACCEPTED, FAILED] },
        'a first choice': { results: [ACCEPTED], receipts: ['iLaSX6Re2kS_kT78URYvbQ'] },
        'not permitted': { results: [DENIED] },
      },
    },
  },
  errors: [...BODY_ERRORS, ...BATCH_ERRORS, 'overloaded', 'store_unavailable'],
});

const BATCH_ERRORS = ['unknown_key', 'secret_misplaced', 'too_many_events'] as const;

const VISITOR_COOKIE = {
  pc_shop: { description: 'The visitor, as an earlier answer set it; named after the site.' },
};

const VALIDATE_OPERATION: Operation = {
  ...shared,
  id: 'validateEvents',
  summary: 'Judges a batch as it would be judged, and stores nothing',
  inHeaders: BODY_HEADERS,
  inCookies: VISITOR_COOKIE,
  answers: {
    200: {
      description: 'What would become of each event, in the order sent.',
      schema: batchReply,
      headers: { ...NOT_CACHED, ...CORS },
      examples: { accepted: { results: [ACCEPTED] }, 'in part': { results: [ACCEPTED, FAILED] } },
    },
  },
  errors: [...BODY_ERRORS, ...BATCH_ERRORS],
};
