import { PURPOSES } from '@parcours/protocol';
import { described, errorReply, fallback, type Operation, type Value } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { type Answer, answerError } from '../answer.ts';
import type { Policies, ServedPolicy } from '../consent/policies.ts';
import { CollectorError } from '../errors.ts';
import { NOT_CACHED, PUBLIC_FILE } from '../openapi.ts';
import { toResponse } from '../to_response.ts';
import { EVENTS } from './events.ts';

/** Seconds that a browser may keep a policy: so much later than its publication the last page has it. */
const MAX_AGE_SECONDS = 300;

/** Any page may read it, errors too; it holds nothing of any visitor, and no cookie is read or set. */
const FOR_ANY_PAGE = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
} as const;

const besides = (endpoint: string): string => endpoint.replace(/[^/]*$/, 'policy');

/**
 * `/v1/policy/<site>`: the browser's part of the policy in force. It lies beside each address where events are received
 * (`/shop/policy/<site>` beside `/shop/in`).
 */
export function policyRoutes(
  app: Hono,
  {
    endpoints,
    policies,
    hasSite,
  }: {
    readonly endpoints: readonly string[];
    readonly policies: Pick<Policies, 'served'>;
    readonly hasSite: (site: string) => boolean;
  },
): void {
  for (const place of new Set(endpoints.map(besides))) {
    const suffix = place === besides(EVENTS) ? '' : 'AtOwnPath';
    const path = `${place}/:site`;
    app.get(
      path,
      described(policyOperation(`getPolicy${suffix}`), (context: Context) => {
        const site = context.req.param('site') ?? '';
        const answer = hasSite(site)
          ? answerPolicy(policies.served(site), context.req.header('if-none-match'))
          : answerError(new CollectorError('unknown_site', undefined, { status: 404 }), FOR_ANY_PAGE);
        return toResponse(answer);
      }),
    );
    app.options(
      path,
      described(preflight(`askForPolicy${suffix}`), () =>
        toResponse({ status: 204, headers: { ...FOR_ANY_PAGE, ...ASKED }, body: '' }),
      ),
    );
    app.all(
      path,
      fallback(() => toResponse(answerError(new CollectorError('method_not_allowed'), { allow: 'GET, OPTIONS' }))),
    );
  }
}

/** What a browser may ask with; a plain fetch asks for no preflight at all. */
const ASKED = {
  'access-control-allow-methods': 'GET',
  'access-control-allow-headers': 'if-none-match',
  'access-control-max-age': '86400',
} as const;

function answerPolicy({ text, etag }: ServedPolicy, ifNoneMatch: string | undefined): Answer {
  const headers = { ...FOR_ANY_PAGE, etag, 'cache-control': `public, max-age=${MAX_AGE_SECONDS}` };
  const known = ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
  if (known) return { status: 304, headers, body: '' };
  return { status: 200, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body: text };
}

const purposes = z.array(z.enum(PURPOSES));

const browserPolicy = z
  .strictObject({
    hash: z.string().describe('Of the whole policy: stands on every stamp.'),
    purposes: purposes.describe('What a visitor may grant on this site.'),
    choice_days: z.int().optional().describe('Days for which a choice stands. Default 182.'),
    cookie_days: z.int().optional().describe("Days that a visitor's id lives. Default 395."),
    before_choice: z
      .literal('drop')
      .optional()
      .describe('Nothing is held until the visitor chooses. Default: held in the memory of the page.'),
    exempt: z
      .strictObject({ after_refusal: z.literal(true).optional().describe('After a refusal too.') })
      .optional()
      .describe('Measures without consent before the choice. Default: nothing is.'),
    events: z
      .record(z.string(), purposes)
      .describe('The types of events that are taken, each with purposes of which one must be granted.'),
    fields: z
      .record(z.string(), purposes)
      .describe('The purposes of which one must be granted for a field, by its column and by what a page calls it.'),
    gpc: purposes.describe("What a browser's Global Privacy Control takes away."),
    sources: z
      .record(z.string(), z.partialRecord(z.enum(PURPOSES), z.array(z.string())))
      .optional()
      .describe('How the terms of each consent source become purposes.'),
    debug: z.literal(true).optional().describe('Pages may show the consent debugger.'),
  })
  .meta({
    id: 'BrowserPolicy',
    description: 'What a page needs of the policy in force.',
  });

const EXAMPLE = {
  hash: 'cG9saWN5LWhhc2gtMjItY2',
  purposes: ['audience', 'ads_measurement', 'crm_join'],
  choice_days: 90,
  events: { '*': ['audience'], identify: ['crm_join'] },
  fields: { 'utm_*': ['ads_measurement'], click_id: ['ads_measurement'], 'keys.customer_id': ['crm_join'] },
  gpc: ['ads_measurement'],
  sources: { tcf: { audience: ['purpose.1', 'purpose.8'] } },
};

const { etag: _, 'cache-control': __, ...TO_ANY_PAGE } = PUBLIC_FILE;

const NOT_FOUND_HEADERS: Readonly<Record<string, Value>> = {
  'x-error-code': { description: 'The code once more, for logs of proxies.', required: true },
  ...NOT_CACHED,
  ...TO_ANY_PAGE,
};

const policyOperation = (id: string): Operation => ({
  id,
  tag: 'events',
  summary: "The browser's part of the consent policy in force on a site",
  description: `No cookie is read or set. A policy gets here two seconds after it was published, when every collector judges by it; pages may keep it for ${MAX_AGE_SECONDS / 60} minutes.`,
  inPath: { site: { description: 'Id of the site.', example: 'shop' } },
  inHeaders: { 'if-none-match': { description: 'Marks of the policy that is there already.' } },
  answers: {
    200: {
      description: 'The policy.',
      schema: browserPolicy,
      headers: PUBLIC_FILE,
      examples: { 'a policy': EXAMPLE },
    },
    304: { description: 'It is still the same.', headers: PUBLIC_FILE },
    404: {
      description: '`unknown_site`: no such site.',
      schema: errorReply(['unknown_site']),
      headers: NOT_FOUND_HEADERS,
      examples: { unknown_site: { error: { code: 'unknown_site', message: 'no such site' } } },
    },
  },
});

const preflight = (id: string): Operation => ({
  id,
  tag: 'events',
  summary: 'Whether a page may read a policy (preflight): any may',
  inPath: { site: { description: 'Id of the site.', example: 'shop' } },
  answers: {
    204: {
      description: 'It may.',
      headers: {
        ...TO_ANY_PAGE,
        'access-control-allow-methods': { description: 'By this method.', schema: z.literal('GET'), required: true },
        'access-control-allow-headers': { description: 'With this header.', schema: z.literal('if-none-match') },
        'access-control-max-age': { description: 'Seconds for which the browser need not ask again.' },
      },
    },
  },
});
