import { type AppDescription, type OpenApi, type Operation, openApiOf, type Router } from '@parcours/protocol/openapi';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { NOT_CACHED } from '../openapi.ts';
import { COLUMNS } from './filter.ts';
import { accounts, nearMiss, seenCount, seenEvent, seenFailure, seenRefusal } from './seen_schema.ts';

/** Why a question is refused. */
export const MICRO_ERRORS = {
  bad_query: { status: 400, text: 'a parameter is unknown or has a wrong value' },
  stranger: { status: 403, text: 'only pages and names of this machine are answered' },
  not_found: { status: 404, text: 'no such address' },
  internal: { status: 500, text: 'the collector failed' },
} as const;

/** What is under `/micro`, as an OpenAPI 3.1 document. */
export const microOpenApi = (app: Router): OpenApi => openApiOf(app, ABOUT);

/** On every answer to a page of this machine. */
const CORS: AppDescription['headers'] = {
  vary: { description: 'The answer depends on the origin that asks.' },
  'access-control-allow-origin': { description: 'The page, where it is one of this machine.' },
  'access-control-allow-methods': { description: 'Methods that it may use.' },
  'access-control-allow-headers': { description: 'Headers that it may send.' },
};

const ABOUT: AppDescription = {
  title: 'Parcours micro',
  version: manifest.version,
  description: 'What a collector in memory received, for tests. Beside it are all addresses of the collector itself.',
  tags: { seen: 'What was received, and how it ended.', control: 'Between tests.' },
  errors: MICRO_ERRORS,
  everywhere: ['stranger', 'internal'],
  elsewhere: ['stranger', 'not_found', 'internal'],
  headers: CORS,
  errorHeaders: () => ({ ...NOT_CACHED, 'x-error-code': { description: 'The code once more.' } }),
};

const COMPARED = 'A value is compared as the text that it has in JSON, a text as itself.';
const field = (description: string) => ({ description });
const FIELDS = {
  ...Object.fromEntries(COLUMNS.map((column) => [column, field(`Only events with this \`${column}\`. ${COMPARED}`)])),
  'props.<name>': field('Only events with this property, by steps: `props.items.0.item_id`.'),
  'keys.<name>': field('Only events with this join key.'),
};
const total = z.int().min(0);

const list = (name: string, item: z.ZodType) => z.strictObject({ [name]: z.array(item), total });
const counts = z.strictObject({ counts: z.array(seenCount), total });
const seen = (id: string, summary: string, schema: z.ZodType, more: Partial<Operation> = {}): Operation => ({
  id,
  tag: 'seen',
  summary,
  ...more,
  answers: { 200: { description: 'Since the last reset.', schema, headers: NOT_CACHED }, ...more.answers },
});

/** The routes, by what they answer. */
export const OPERATIONS = {
  page: {
    id: 'getPage',
    tag: 'seen',
    summary: 'All of it as a page',
    answers: {
      200: {
        description: 'For people; it loads itself again every other second.',
        type: 'text/html',
        headers: {
          ...NOT_CACHED,
          'content-security-policy': { description: 'It loads nothing and runs nothing.', required: true },
          'x-content-type-options': { description: 'It is what its content type says.', required: true },
        },
      },
    },
  },
  events: seen(
    'listEvents',
    'Accepted events in their stored form',
    z.strictObject({
      events: z.array(seenEvent),
      total: total.describe('Matching events, on all pages.'),
      next: z.int().optional().describe('Ask again with this as `after`; absent on the last page.'),
    }),
    {
      inQuery: {
        ...FIELDS,
        limit: { description: 'Events a page, 1 to 1000. Default 100.' },
        after: { description: 'Begins behind the event of this `n`, in the order asked for.' },
        order: { description: '`oldest` or `newest` first. Default `oldest`.' },
      },
      errors: ['bad_query'],
    },
  ),
  wait: seen(
    'waitForEvents',
    'The matching events, as soon as there are enough',
    z.strictObject({ events: z.array(seenEvent), total }),
    {
      inQuery: {
        ...FIELDS,
        count: { description: 'How many must be there, 1 to 100000. Default 1.' },
        timeout: { description: 'Milliseconds to wait, 0 to 60000. Default 5000.' },
      },
      errors: ['bad_query'],
      answers: {
        408: {
          description: 'The time is over. What was there instead, and how near it came.',
          schema: z.strictObject({
            error: z.strictObject({ code: z.literal('timeout'), message: z.string() }),
            events: z.array(seenEvent).describe('The matching events that there are.'),
            types: z.record(z.string(), total).describe('Accepted events by type.'),
            nearest: z.array(nearMiss).describe('Events of the type asked for that differ in the fewest fields.'),
            failed: z.array(seenFailure).describe('Of the type asked for, as `filtered`.'),
            filtered: z.array(seenCount),
            refused: z.array(seenRefusal),
          }),
          headers: NOT_CACHED,
        },
      },
    },
  ),
  failed: seen('listFailed', 'Events that failed, with place and reason', list('failed', seenFailure)),
  refused: seen('listRefused', 'Requests refused whole, the newest thousand', list('refused', seenRefusal)),
  filtered: seen('countFiltered', 'Events left out for want of consent, by reason', counts),
  dropped: seen('countDropped', 'Events that browsers let go, by reason', counts),
  accounts: seen('getAccounts', 'How everything ended, and whether it adds up', accounts),
  reset: {
    id: 'reset',
    tag: 'control',
    summary: 'Forgets everything, ids included, as if just started',
    answers: { 204: { description: 'Done.' } },
  },
  document: seen('getOpenApi', 'This document', z.looseObject({ openapi: z.literal('3.1.1') })),
} as const satisfies Readonly<Record<string, Operation>>;
