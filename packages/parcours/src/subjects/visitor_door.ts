import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Subjects } from '@parcours/store';
import { z } from 'zod';

/** What a collector asks the reader of one browser. */
export const visitorQuestion = z.strictObject({ site: z.string(), visitor_id: z.string() });

/** Exports in hand at a time: each reads all receipts, and visitors are not to keep the reader from its work. */
const AT_A_TIME = 2;

/**
 * The reader's door for its own collectors: a Unix socket in the data folder, which nobody else may open, by which they get
 * what is held under the id of a browser that has proven itself. Returns its stop.
 *
 * @throws where the socket cannot be made, as where the folder's path is longer than some 100 characters
 */
export async function openVisitorDoor({
  socket,
  subjects,
  onError,
}: {
  readonly socket: string;
  readonly subjects: Pick<Subjects, 'exportVisitor'>;
  readonly onError: (error: unknown) => void;
}): Promise<() => Promise<void>> {
  let inHand = 0;
  const server = createServer(async (request, response) => {
    if (inHand >= AT_A_TIME) {
      response.writeHead(503).end();
      return;
    }
    inHand += 1;
    try {
      const { site, visitor_id } = visitorQuestion.parse(await json(request));
      const pieces = await subjects.exportVisitor({ site, visitorId: visitor_id });
      response.writeHead(200, { 'content-type': 'application/json' });
      await pipeline(Readable.from(pieces), response);
    } catch (error) {
      // A visitor who goes away is no fault.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') onError(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    } finally {
      inHand -= 1;
    }
  });
  // Of a reader that was killed.
  await rm(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  await chmod(socket, 0o600);
  return async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(socket, { force: true });
  };
}
