/** What the collector answers, as zod schemas. */
import { z } from 'zod';
import type { BatchReply, ErrorReply, EventResult } from './batch.ts';
import { type SameFields, same } from './records/define.ts';

const eventResult = z
  .strictObject({
    event_id: z.string().nullable().describe('As it was sent; null where it could not be read.'),
    status: z
      .enum(['accepted', 'duplicate', 'filtered', 'failed', 'retry'])
      .describe('How the event ended. Only `retry` is to be sent again.'),
    code: z.string().optional().describe('Reason code; there unless accepted or duplicate.'),
    path: z.string().optional().describe('Where in the event, such as `props.items[0].price`.'),
    message: z.string().optional(),
  })
  .meta({ id: 'EventResult', description: 'How one event ended.' });

same<SameFields<EventResult, typeof eventResult>>();

export const batchReply = z
  .strictObject({
    results: z.array(eventResult).describe('One result for each event, in the order sent.'),
    visitor_id: z.string().optional().describe("The visitor id to use from now on, where the cookie's won."),
    receipts: z
      .array(z.string().nullable())
      .optional()
      .describe('The receipt of each stamp that told its choice for the first time, by place; null for the others.'),
  })
  .meta({ id: 'BatchReply', description: 'What became of a batch.' });

same<SameFields<BatchReply, typeof batchReply>>();

/** The one shape of an error, on every address of every app; `codes` are those that the answer may carry. */
export const errorReply = (codes: readonly [string, ...string[]]) =>
  z.strictObject({
    error: z.strictObject({
      code: z.enum(codes as readonly string[]).describe('Made for programs: it does not change within a version.'),
      message: z.string().describe('Made for people: one line, in English.'),
    }),
  });

same<SameFields<ErrorReply, ReturnType<typeof errorReply>>>();
