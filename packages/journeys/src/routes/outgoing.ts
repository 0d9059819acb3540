import { ReadableStream } from 'node:stream/web';
import { CONSOLE } from '@parcours/protocol';
import { QueryError } from '@parcours/store';
import type { Context } from 'hono';
import { fault } from '../fault.ts';

/** A stream as an answer: nothing is made before it is asked for, and all of it ends when the client goes. */
export async function answerOutgoing(
  context: Context,
  make: (signal: AbortSignal) => Promise<{
    readonly pieces: AsyncIterable<Uint8Array>;
    readonly name: string;
    readonly headers: Readonly<Record<string, string>>;
  }>,
): Promise<Response> {
  try {
    const { pieces, name, headers } = await make(context.req.raw.signal);
    return context.body(ReadableStream.from(pieces) as globalThis.ReadableStream<Uint8Array>, 200, {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      ...headers,
    });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return context.json(fault(error.code, error.message), CONSOLE[error.code].status);
  }
}

/** What every such answer says of itself. */
export const OUTGOING_HEADERS = {
  'content-disposition': { description: 'The name of the file.' },
  'cache-control': { description: 'Never kept on the way.' },
};
