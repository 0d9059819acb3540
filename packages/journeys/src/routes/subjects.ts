import { ReadableStream } from 'node:stream/web';
import { CONSOLE } from '@parcours/protocol';
import { type SubjectAsker, SubjectError, type Subjects } from '@parcours/store';
import { SUBJECT_BY } from '@parcours/store/control';
import type { Context } from 'hono';
import { z } from 'zod';
import { api, type ConsoleOperation } from '../access/allow.ts';
import type { Journeys, JourneysEnv } from '../env.ts';
import { fault, readBody } from '../fault.ts';

const asked = z.strictObject({
  by: z.enum(SUBJECT_BY, `must be one of ${SUBJECT_BY.join(', ')}`),
  value: z.string().min(1).max(320).describe('An e-mail or phone as it is written, or its keyed hash.'),
  site: z.string().min(1).optional().describe('One site alone. Default: all.'),
});

const erase = asked.extend({
  dryRun: z.boolean().default(false).describe('Tells what would go, and changes nothing.'),
  evenIfUnknown: z
    .boolean()
    .default(false)
    .describe(
      'Refuses events of the id from now on even where nothing is held of it, as for a browser that is offline.',
    ),
});

const ids = z.array(z.strictObject({ kind: z.string(), value: z.string() }));
const rows = z.strictObject({ events: z.int(), failed: z.int(), days: z.int() });

const found = z
  .strictObject({
    asked: z.strictObject({ by: z.string(), value: z.string(), site: z.string().optional() }),
    ids: ids.describe('Every id of the person, and of their orders and sessions.'),
    notFollowed: ids.describe('Ids beside them that several people use, or somebody else.'),
    sites: z.array(z.string()),
    rows: rows.describe('Rows of the tables, and the days that they are of.'),
    receipts: z.int().describe('Receipts of consent: the proof, which an erasure leaves.'),
    withdrawals: z.int(),
    erasedAt: z.string().optional().describe('When one of the ids was erased before.'),
    daysToSeal: z
      .int()
      .describe(
        'Closed days that are to be written to Parquet, first or anew: until none is, old files may hold what was erased of whomever.',
      ),
  })
  .meta({ id: 'FoundSubject', description: 'What is held of somebody: ids and counts.' });

const erased = found
  .extend({
    isErased: z.boolean().describe('False where it was only tried.'),
    erased: rows.describe('Rows that went; of a trial, that would go.'),
    logGoneBy: z.string().describe('From then on no segment of the log holds anything of them.'),
    refusedUntil: z.string().describe('Until then whatever names them is refused.'),
  })
  .meta({ id: 'ErasedSubject', description: 'What an erasure did.' });

const ERRORS = ['bad_request', 'bad_id', 'unknown_subject', 'too_many_ids', 'not_recorded'] as const;
const EXAMPLE = { 'a customer': { by: 'customer_id', value: 'C-1042' } } as const;
const FOUND = {
  asked: { by: 'customer_id', value: 'C-1042' },
  ids: [{ kind: 'customer_id', value: 'C-1042' }],
  notFollowed: [],
  sites: ['shop-fr'],
  rows: { events: 12, failed: 0, days: 2 },
  receipts: 1,
  withdrawals: 0,
  daysToSeal: 0,
};

const FIND: ConsoleOperation = {
  id: 'findSubject',
  tag: 'privacy',
  summary: 'Finds what is held of somebody',
  description: 'By any of their ids, over every id that names the same person. Free text is not searched.',
  roles: ['privacy'],
  body: { schema: asked, examples: EXAMPLE },
  answers: { 200: { description: 'Ids and counts.', schema: found, examples: { 'a customer': FOUND } } },
  errors: [...ERRORS],
};

const EXPORT: ConsoleOperation = {
  id: 'exportSubject',
  tag: 'privacy',
  summary: 'Gives everything held of somebody',
  description:
    'One JSON document, streamed: ids, rows, receipts, withdrawals, policies, and how long each is kept. It is written to the audit log.',
  roles: ['privacy'],
  body: { schema: asked, examples: EXAMPLE },
  answers: {
    200: {
      description: 'The document, of the format `parcours.subject/1`.',
      type: 'application/octet-stream',
      headers: {
        'content-disposition': { description: 'The name of the file.' },
        'cache-control': { description: 'Never kept on the way.' },
      },
    },
  },
  errors: [...ERRORS],
};

const ERASE: ConsoleOperation = {
  id: 'eraseSubject',
  tag: 'privacy',
  summary: 'Erases somebody',
  description:
    'Events and failures go from the tables at once, and whatever names them is refused from then on. Sealed days are written anew: where that takes long the answer comes first, with how many are left. Receipts of consent stay, as the proof. It is written to the audit log.',
  roles: ['privacy'],
  body: { schema: erase, examples: EXAMPLE },
  answers: {
    200: {
      description: 'What went.',
      schema: erased,
      examples: {
        'a customer': {
          ...FOUND,
          isErased: true,
          erased: FOUND.rows,
          logGoneBy: '2026-12-03T12:00:00.000Z',
          refusedUntil: '2028-01-25T10:00:00.000Z',
        },
      },
    },
  },
  errors: [...ERRORS],
};

/** The rights of a person over what is held, for whoever answers for privacy. */
export function subjectRoutes(app: Journeys, subjects: Subjects): void {
  app.post(
    '/v1/subjects/find',
    ...api(FIND, async (context) => {
      const body = await readBody(context, asked);
      if (body instanceof Response) return body;
      return answer(context, async () => context.json(await subjects.findSubject(body)));
    }),
  );
  app.post(
    '/v1/subjects/export',
    ...api(EXPORT, async (context) => {
      const body = await readBody(context, asked);
      if (body instanceof Response) return body;
      return answer(context, async () => {
        const pieces = await subjects.exportSubject(body, { asker: askerOf(context) });
        return context.body(ReadableStream.from(encoded(pieces)) as globalThis.ReadableStream<Uint8Array>, 200, {
          'content-type': 'application/octet-stream',
          'content-disposition': 'attachment; filename="subject.json"',
          'cache-control': 'no-store',
        });
      });
    }),
  );
  app.post(
    '/v1/subjects/erase',
    ...api(ERASE, async (context) => {
      const body = await readBody(context, erase);
      if (body instanceof Response) return body;
      const { dryRun, evenIfUnknown, ...who } = body;
      const options = { asker: askerOf(context), dryRun, evenIfUnknown };
      return answer(context, async () => context.json(await subjects.eraseSubject(who, options)));
    }),
  );
}

async function answer(context: Context, run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof SubjectError)) throw error;
    return context.json(fault(error.code, error.message), CONSOLE[error.code].status);
  }
}

/** Who asks: the machine's own secret is the command line's. */
function askerOf(context: Context<JourneysEnv>): SubjectAsker {
  const { holder } = context.get('asker');
  if (!holder || holder.id === 'local') return { by: 'cli' };
  return { by: holder.role, byKey: holder.id };
}

async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield encoder.encode(piece);
}
