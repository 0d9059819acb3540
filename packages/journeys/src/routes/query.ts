import type { Engine } from '@parcours/store';
import { z } from 'zod';
import { api, type ConsoleOperation } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import { answerQuery, readBody } from '../fault.ts';

const body = z.strictObject({
  sql: z.string().min(1, 'must be a SELECT, and is empty').max(100_000),
  maxRows: z.int().min(1).max(1_000_000).default(10_000),
  timeoutMs: z.int().min(1).max(600_000).default(30_000),
});

const answer = z
  .strictObject({
    columns: z.array(z.strictObject({ name: z.string(), type: z.string().describe('As the engine names it.') })),
    rows: z
      .array(z.array(z.unknown()))
      .describe(
        'Values in the order of the columns: big integers as numbers where safe, else as text; times as RFC 3339 UTC.',
      ),
    truncated: z.boolean().describe('There are more rows than `maxRows`.'),
    elapsedMs: z.number().min(0),
  })
  .meta({ id: 'QueryResult', description: 'The rows of a query.' });

/** Why the engine may refuse any question to the tables. */
export const QUERY_ERRORS = ['not_a_select', 'forbidden', 'invalid', 'timeout', 'out_of_memory'] as const;

const QUERY: ConsoleOperation = {
  id: 'query',
  tag: 'reports',
  summary: 'Runs one SELECT',
  description: 'The engine guards what it may touch: the tables of events, read-only, within the limits given.',
  roles: ['analyst'],
  body: { schema: body, examples: { 'events by type': { sql: 'SELECT type, count(*) FROM events GROUP BY type' } } },
  answers: {
    200: {
      description: 'The rows.',
      schema: answer,
      examples: {
        'events by type': {
          columns: [
            { name: 'type', type: 'VARCHAR' },
            { name: 'count_star()', type: 'BIGINT' },
          ],
          rows: [['page_view', 3]],
          truncated: false,
          elapsedMs: 1.5,
        },
      },
    },
  },
  errors: ['bad_request', ...QUERY_ERRORS],
};

/** `POST /v1/query`: one SELECT of an operator. The engine guards what it may touch. */
export function queryRoute(app: Journeys, engine: Engine): void {
  app.post(
    '/v1/query',
    ...api(QUERY, async (context) => {
      const asked = await readBody(context, body);
      if (asked instanceof Response) return asked;
      const { sql, ...limits } = asked;
      return answerQuery(context, () => engine.query(sql, limits));
    }),
  );
}
