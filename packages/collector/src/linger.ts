import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LIMITS } from '@parcours/protocol';

/**
 * How much of a body is read after its answer and thrown away, and for how long: more than any honest sender's rest, and less
 * than a process takes to stop.
 */
export const LINGER = { bytes: 8 * LIMITS.batchBytes, ms: 5_000 } as const;

/**
 * Lets a sender read an answer that came before the end of its request, such as 413. A connection that is closed while it is
 * still written to is reset, and a reset takes the answer with it: a browser then sees no 413 and does not halve its batch, and
 * a proxy answers 502. So only our side is closed, and what still comes is read and thrown away, within bounds (RFC 9112, 9.6).
 *
 * Call it before the answer is over.
 */
export function lingerAfter(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes, ms }: { readonly bytes: number; readonly ms: number } = LINGER,
): void {
  const socket: Partial<Pick<Socket, 'destroySoon'>> & Omit<Socket, 'destroySoon'> = request.socket;
  const cut = (): void => void socket.destroy();
  const giveUp = setTimeout(cut, ms);
  giveUp.unref();
  const over = (): void => {
    clearTimeout(giveUp);
    socket.off('close', over);
    // What the connection has by itself shows again.
    delete socket.destroySoon;
  };
  socket.once('close', over);
  // What Node calls where the connection ends with the answer; it would close both sides.
  socket.destroySoon = () => void socket.end();
  // Whoever read the body so far may have a say in when it flows.
  request.removeAllListeners('data');
  let left = bytes;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.byteLength;
    if (left < 0) cut();
  });
  request.once('end', () => {
    // Of a connection that goes on the next request begins.
    if (response.shouldKeepAlive) over();
  });
  request.resume();
}
