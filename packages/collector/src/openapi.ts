import { REQUEST } from '@parcours/protocol';
import { type AppDescription, type OpenApi, openApiOf, type Router, type Value } from '@parcours/protocol/openapi';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };

/** The collector's API as an OpenAPI 3.1 document, read from its own routes. */
export const collectorOpenApi = (app: Router): OpenApi => openApiOf(app, ABOUT);

const seconds = z.string().regex(/^\d+$/);

/** Which pages may read an answer: on every answer to a page of a listed origin. */
export const CORS: Readonly<Record<string, Value>> = {
  vary: { description: 'The answer depends on the origin that asks.', schema: z.literal('origin') },
  'access-control-allow-origin': { description: "The page's origin, where it is one of the site's." },
  'access-control-allow-credentials': { description: 'The visitor cookie may travel.', schema: z.literal('true') },
  'access-control-expose-headers': { description: 'What the page may read.', schema: z.literal('retry-after') },
};

export const NOT_CACHED: Readonly<Record<string, Value>> = {
  'cache-control': {
    description: 'Nothing of it may rest in a cache.',
    schema: z.literal('no-store'),
    required: true,
  },
};

/** May be loaded by any page, and kept for a while. */
export const PUBLIC_FILE: Readonly<Record<string, Value>> = {
  'cache-control': { description: 'How long it may be kept.', required: true },
  etag: { description: 'By which it is known again; send it as `If-None-Match`.', required: true },
  'access-control-allow-origin': { description: 'Any page may load it.', schema: z.literal('*'), required: true },
  'cross-origin-resource-policy': {
    description: 'Any page may load it.',
    schema: z.literal('cross-origin'),
    required: true,
  },
  'x-content-type-options': {
    description: 'It is what its content type says.',
    schema: z.literal('nosniff'),
    required: true,
  },
};

const ABOUT: AppDescription = {
  title: 'Parcours collector',
  version: manifest.version,
  description:
    'Receives what happened, with the consent that it happened under, and answers once it is on disk. Open to the Internet.',
  tags: {
    events: "Batches of events, from browsers and from the shop's servers.",
    rights: 'What visitors may ask for themselves.',
    scripts: 'The script for the browser, and how its bytes are known.',
    operation: 'Whether the collector lives, and what it counts.',
  },
  errors: REQUEST,
  everywhere: ['internal'],
  headers: {
    'x-request-id': {
      description:
        'Names the request in the log; a batch that is taken has none where no line is written for each request.',
    },
  },
  elsewhere: ['not_found', 'method_not_allowed', 'internal'],
  errorHeaders: (status) => ({
    ...NOT_CACHED,
    ...CORS,
    'x-error-code': { description: 'The code once more, for logs of proxies.', required: true },
    ...((status === 429 || status === 503) && {
      'retry-after': { description: 'Seconds after which another try is welcome.', schema: seconds, required: true },
    }),
    ...(status === 405 && { allow: { description: 'Methods that this address takes.', required: true } }),
    ...(status === 413 && {
      connection: { description: 'The rest of the body is not read: the connection ends.', schema: z.literal('close') },
    }),
  }),
  securitySchemes: {
    secretKey: {
      type: 'http',
      scheme: 'bearer',
      description:
        "A secret key of the site, sent by the shop's own servers and never by a page. A page sends the public key as `key` in the body instead.",
    },
  },
};
