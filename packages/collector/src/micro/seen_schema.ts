import { z } from 'zod';
import type { NearMiss } from './near_miss.ts';
import type { Accounts, SeenCount, SeenEvent, SeenFailure, SeenRefusal } from './seen.ts';

/** What is told under `/micro`, as zod schemas: for its OpenAPI document, and for the tests that hold the answers to it. */

const text = z.string().exactOptional();
const count = z.int().min(0);
const number = z.int().min(1).describe('Number of arrival: given once, resets or not.');

export const seenEvent = z
  .strictObject({
    n: number,
    event_id: z.string(),
    type: z.string(),
    site: z.string(),
    source: z.string().describe('`web` or `server`.'),
    occurred_at: z.string(),
    client_occurred_at: text,
    received_at: z.string(),
    sent_at: z.string(),
    sdk: z.string(),
    seq: z.number().exactOptional(),
    visitor_id: text,
    client_visitor_id: text,
    session_id: text,
    page_view_id: text,
    url: text,
    path: text,
    title: text,
    referrer_host: text,
    channel: text,
    utm_source: text,
    utm_medium: text,
    utm_campaign: text,
    utm_term: text,
    utm_content: text,
    utm_id: text,
    place_id: text,
    order_id: text,
    amount_minor: z.int().exactOptional().describe('In minor units of the currency.'),
    currency: text,
    keys: z.record(z.string(), z.string()).exactOptional(),
    props: z.record(z.string(), z.unknown()).exactOptional().describe('As sent, after scrubbing.'),
    client: z.strictObject({
      ip_prefix: text,
      device: text,
      browser: text,
      os: text,
      country: text,
      bot: z.boolean(),
    }),
    decision: z
      .strictObject({
        status: z.literal('accepted'),
        purposes: z.array(z.string()),
        source: z.string(),
        at: z.string(),
      })
      .describe('The consent that it was kept under.'),
  })
  .meta({ id: 'SeenEvent', description: 'An accepted event in its stored form.' }) satisfies z.ZodType<SeenEvent>;

export const seenFailure = z
  .strictObject({
    n: number,
    site: z.string(),
    received_at: z.string(),
    event_id: text,
    type: text,
    stage: z.enum(['validate', 'enrich', 'load']),
    code: z.string(),
    path: z.string().describe('Where in the event, such as `props.items[0].price`.'),
    message: z.string(),
    item: z.unknown().describe('What was sent, scrubbed; null where it may not be kept.'),
  })
  .meta({ id: 'SeenFailure', description: 'An event that failed.' }) satisfies z.ZodType<SeenFailure>;

export const seenRefusal = z
  .strictObject({
    n: number,
    at: z.string(),
    status: z.int(),
    code: z.string(),
    message: z.string(),
    origin: z.string().nullable(),
    site: z.string().nullable().describe('As the batch names it.'),
    types: z.array(z.string()).describe('Types of the events in it, each once.'),
  })
  .meta({ id: 'SeenRefusal', description: 'A request that was refused whole.' }) satisfies z.ZodType<SeenRefusal>;

export const seenCount = z
  .strictObject({
    site: z.string(),
    type: z.string().describe('Empty where it is not known.'),
    code: z.string(),
    count,
    text: z.string(),
  })
  .meta({ id: 'SeenCount', description: 'Events that are only counted, by reason.' }) satisfies z.ZodType<SeenCount>;

export const accounts = z
  .strictObject({
    received: count,
    accepted: count,
    duplicate: count,
    filtered: count,
    failed: count,
    retry: count,
    adds_up: z.boolean().describe('Whether `received` is the sum, and each accepted event is stored.'),
    refused: count.describe('Requests refused whole.'),
    dropped: count.describe('Events that browsers say they let go.'),
    types: z.record(z.string(), count).describe('Accepted events by type.'),
    bytes: count.describe('Memory in use, as JSON.'),
    max_bytes: count.describe('Beyond it batches get 503 until a reset.'),
  })
  .meta({ id: 'MicroAccounts', description: 'How everything ended.' }) satisfies z.ZodType<Accounts>;

export const nearMiss = z
  .strictObject({
    event: seenEvent,
    differs: z.array(z.strictObject({ field: z.string(), wanted: z.string(), got: z.unknown() })),
  })
  .meta({ id: 'NearMiss', description: 'An event that is not quite as asked.' }) satisfies z.ZodType<NearMiss>;
