import { described } from '@parcours/protocol/openapi';
import type { Hono } from 'hono';
import { z } from 'zod';
import { answerJson } from '../answer.ts';
import { NOT_CACHED } from '../openapi.ts';
import { toResponse } from '../to_response.ts';

/** `/healthz`: the process answers. `/readyz`: a record could be made durable now, and nothing is shutting down. */
export function healthRoutes(app: Hono, { ready }: { readonly ready: () => Promise<boolean> }): void {
  app.get(
    '/healthz',
    described(
      {
        id: 'getHealth',
        tag: 'operation',
        summary: 'Whether the process answers',
        answers: {
          200: { description: 'It does.', schema: z.strictObject({ status: z.literal('ok') }), headers: NOT_CACHED },
        },
      },
      () => toResponse(answerJson(200, '{"status":"ok"}')),
    ),
  );
  app.get(
    '/readyz',
    described(
      {
        id: 'getReadiness',
        tag: 'operation',
        summary: 'Whether an event could be stored now',
        description: 'For load balancers: asks the disk, and says no once the process is about to end.',
        answers: {
          200: { description: 'Yes.', schema: z.strictObject({ status: z.literal('ready') }), headers: NOT_CACHED },
          503: {
            description: 'No: look elsewhere.',
            schema: z.strictObject({ status: z.literal('not ready') }),
            headers: NOT_CACHED,
          },
        },
      },
      async () =>
        toResponse((await ready()) ? answerJson(200, '{"status":"ready"}') : answerJson(503, '{"status":"not ready"}')),
    ),
  );
}
