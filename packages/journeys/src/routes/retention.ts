import { stream } from 'hono/streaming';
import { z } from 'zod';
import { api, type ConsoleOperation } from '../access/allow.ts';
import type { Holder } from '../access/roles.ts';
import type { Journeys } from '../env.ts';
import { fault, readBody } from '../fault.ts';

/** Takes away what is older than the policy allows: the program's own job, asked for by an operator. */
export interface RetentionSource {
  /**
   * @param holder who asks, for the audit log
   * @param onProgress rows gone so far, and those that are to go
   * @returns what was done, as it is told
   */
  run(asked: {
    readonly holder: Holder;
    readonly dryRun: boolean;
    readonly onProgress: (done: { readonly removed: number; readonly of: number }) => void;
  }): Promise<object>;
}

const body = z.strictObject({
  dryRun: z.boolean().default(false).describe('Only tells what would go.'),
});

const RETENTION: ConsoleOperation = {
  id: 'runRetention',
  tag: 'operation',
  summary: 'Takes away what is older than the policy allows',
  description:
    'As the daily job does; a second one waits for the first. Lines of JSON: `{ progress: { removed, of } }` while it works, at last `{ run }`, or `{ error }` where it broke off.',
  roles: ['privacy'],
  body: { schema: body, examples: { 'what would go': { dryRun: true } } },
  answers: { 200: { description: 'Progress, then the result.', type: 'application/x-ndjson' } },
  errors: ['bad_request'],
};

/** A line at least so often: whoever waits gives up on a silent answer. */
const HEARTBEAT_MS = 10_000;

/** `POST /v1/retention`. */
export function retentionRoute(app: Journeys, source: RetentionSource): void {
  app.post(
    '/v1/retention',
    ...api(RETENTION, async (context) => {
      const asked = await readBody(context, body);
      if (asked instanceof Response) return asked;
      const holder = context.get('asker').holder as Holder;
      context.header('content-type', 'application/x-ndjson');
      return stream(context, async (out) => {
        let progress = { removed: 0, of: 0 };
        const tell = (line: object): Promise<unknown> => out.write(`${JSON.stringify(line)}\n`).catch(() => undefined);
        const beat = setInterval(() => void tell({ progress }), HEARTBEAT_MS);
        try {
          const run = await source.run({
            holder,
            dryRun: asked.dryRun,
            onProgress({ removed, of }) {
              progress = { removed, of };
              void tell({ progress });
            },
          });
          await tell({ run });
        } catch {
          await tell(fault('internal', 'retention broke off; the program’s log says why. What was taken stays so'));
        } finally {
          clearInterval(beat);
        }
      });
    }),
  );
}
