import type { RequestCode } from '@parcours/protocol';
import type { Operation, Value } from '@parcours/protocol/openapi';
import { z } from 'zod';

/** Content types that a body of JSON may come under: `text/plain` is what a page sends without a preflight. */
export const BODY_TYPES = ['application/json', 'text/plain'] as const satisfies NonNullable<Operation['body']>['types'];

/** What every request with a body may be refused for, whatever it holds. */
export const BODY_ERRORS = [
  'bad_json',
  'bad_encoding',
  'bad_batch',
  'unknown_site',
  'unknown_secret',
  'origin_not_allowed',
  'secret_exposed',
  'body_timeout',
  'body_too_large',
  'unsupported_type',
  'unsupported_encoding',
  'rate_limited',
] as const satisfies readonly RequestCode[];

export const BODY_HEADERS: Readonly<Record<string, Value>> = {
  origin: { description: 'Set by browsers: one of the origins of the site. Servers and apps send none.' },
  'content-encoding': { description: 'How the body is compressed.', schema: z.enum(['gzip', 'identity']) },
};
