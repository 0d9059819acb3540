import { described } from '@parcours/protocol/openapi';
import type { Context, Hono } from 'hono';
import { z } from 'zod';

/** `/healthz`: the reader answers, and which run of the program it is. */
export function healthRoute(app: Hono, instance: string | undefined): void {
  app.get(
    '/healthz',
    described(
      {
        id: 'getHealth',
        tag: 'operation',
        summary: 'Whether the reader answers',
        answers: {
          200: {
            description: 'It does.',
            schema: z.strictObject({
              status: z.literal('ok'),
              instance: z.string().optional().describe('Name of this run of the program.'),
            }),
          },
        },
      },
      (context: Context) => context.json({ status: 'ok', instance }),
    ),
  );
}
