import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small page on an origin of its own. */
export interface ServedPage {
  /** Such as `http://localhost:40125`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Serves a page at every path of a free port. From a real listener, since Chromium keeps answers that a test makes up
 * from loading anything of localhost (Local Network Access).
 *
 * @param html    asked for at each request, with its path, so that it may name what starts later
 * @param headers beside the content type; asked for at each request too
 */
export async function servePage(
  html: (path: string) => string,
  headers: () => Readonly<Record<string, string>> = () => ({}),
): Promise<ServedPage> {
  const server = createServer(({ url = '/' }, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers() }).end(html(url));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
