import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a webhook was told, as JSON. */
export type Told = Readonly<Record<string, unknown>>;

/** A receiver of webhooks on this machine. */
export interface WebhookReceiver {
  readonly address: string;
  readonly host: string;
  readonly told: readonly Told[];
  stop(): Promise<void>;
}

export async function receiveWebhooks(): Promise<WebhookReceiver> {
  const told: Told[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    told.push(JSON.parse(text));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address: `http://${host}/hook-secret`,
    host,
    told,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
