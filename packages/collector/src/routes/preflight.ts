import type { Operation, Value } from '@parcours/protocol/openapi';
import { z } from 'zod';
import { CORS } from '../openapi.ts';

/** Whether a page may send: what a browser asks before it sends anything but `text/plain`. */
export const preflightOperation = (id: string): Operation => ({
  id,
  tag: 'events',
  summary: 'Whether a page of this origin may send here (preflight)',
  inHeaders: {
    origin: { description: "The page's origin." },
    'access-control-request-method': { description: 'The method that is to follow.' },
    'access-control-request-headers': { description: 'The headers that are to follow.' },
  },
  answers: {
    204: {
      description: 'It may.',
      headers: {
        ...required(CORS),
        'access-control-allow-methods': { description: 'By this method.', schema: z.literal('POST'), required: true },
        'access-control-allow-headers': {
          description: 'With these headers.',
          schema: z.literal('content-type, content-encoding'),
          required: true,
        },
        'access-control-max-age': {
          description: 'Seconds for which the browser need not ask again.',
          schema: z.literal('86400'),
          required: true,
        },
      },
    },
  },
  errors: ['origin_not_allowed'],
});

const required = (headers: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { ...value, required: true }]));
