import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createCollectorServer } from '../node.ts';
import type { Micro } from './micro.ts';

/** A micro collector that listens. */
export interface Listening {
  /** Such as `http://localhost:9090`. */
  readonly url: string;
  /** Lets go of the port; who still waits is cut off. */
  close(): Promise<void>;
}

/**
 * @param host default 127.0.0.1
 * @param port 0 takes a free one
 * @throws the system's error where it cannot: EADDRINUSE, EACCES
 */
export async function listen(
  micro: Micro,
  { host = '127.0.0.1', port }: { readonly host?: string | undefined; readonly port: number },
): Promise<Listening> {
  const server = createCollectorServer(micro);
  server.listen(port, host);
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${taken}`,
    async close() {
      micro.drain();
      const closed = once(server, 'close');
      server.close();
      // Those who wait for an event, and browsers that keep a connection, would hold the server for ever.
      server.closeAllConnections();
      await closed;
    },
  };
}
