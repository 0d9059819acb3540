import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { createBodyBuffer } from './body.ts';

/** The socket's address where the server is Node's; other servers say it in `env.remoteAddress`, or not at all. */
export function remoteAddressOf(context: Context): string | undefined {
  const env = context.env as { incoming?: IncomingMessage; remoteAddress?: string } | undefined;
  return env?.incoming?.socket?.remoteAddress ?? env?.remoteAddress;
}

/** A request's body, read no further than the limit. */
export async function bodyOf(request: Request): Promise<Uint8Array> {
  const buffer = createBodyBuffer();
  if (request.body) {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) buffer.add(chunk);
  }
  return buffer.bytes();
}
