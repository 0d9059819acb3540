import { z } from 'zod';
import { open } from '../access/allow.ts';
import type { Journeys } from '../env.ts';

/** `/healthz`: the reader answers, and which run of the program it is. */
export function healthRoute(app: Journeys, instance: string | undefined): void {
  app.get(
    '/healthz',
    ...open(
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
      (context) => context.json({ status: 'ok', instance }),
    ),
  );
}
