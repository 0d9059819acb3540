import type { Engine } from '@parcours/store';
import { z } from 'zod';
import { api, type ConsoleOperation } from '../access/allow.ts';
import type { Journeys } from '../env.ts';
import { readBody } from '../fault.ts';
import { answerOutgoing, OUTGOING_HEADERS } from './outgoing.ts';

const body = z.strictObject({});

const SNAPSHOT: ConsoleOperation = {
  id: 'takeSnapshot',
  tag: 'reports',
  summary: 'Gives a copy of the whole database as a file',
  description:
    'All tables and views of one moment, as a DuckDB file for a client of its own. Loading goes on. One export or snapshot at a time.',
  roles: ['admin'],
  body: { schema: body, examples: { all: {} } },
  answers: {
    200: {
      description: 'The file.',
      type: 'application/octet-stream',
      headers: { ...OUTGOING_HEADERS, 'content-length': { description: 'Bytes of the file.', schema: z.string() } },
    },
  },
  errors: ['bad_request', 'invalid', 'timeout', 'out_of_memory', 'busy', 'no_space'],
};

/** `POST /v1/snapshot`: a copy of the tables. */
export function snapshotRoute(app: Journeys, engine: Engine): void {
  app.post(
    '/v1/snapshot',
    ...api(SNAPSHOT, async (context) => {
      const asked = await readBody(context, body);
      if (asked instanceof Response) return asked;
      return answerOutgoing(context, async (signal) => {
        const { pieces, bytes } = await engine.snapshot(signal);
        return { pieces, name: 'parcours.duckdb', headers: { 'content-length': String(bytes) } };
      });
    }),
  );
}
