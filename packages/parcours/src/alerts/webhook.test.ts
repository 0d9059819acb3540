import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { AlertChange } from './alerts.ts';
import { createWebhook, type Webhook } from './webhook.ts';

let server: Server;
let webhook: Webhook;
afterEach(async () => {
  webhook.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function receive(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const got: { path: string | undefined; body: Record<string, unknown> }[] = [];
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    got.push({ path: request.url, body: JSON.parse(text) });
    answer(response, request);
    server.emit('got');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const failures: string[] = [];
  webhook = createWebhook({
    address: `http://127.0.0.1:${port}/hook-secret`,
    source: 'shop-1',
    onFailure: (name, reason) => {
      failures.push(`${name}: ${reason}`);
      server.emit('failure');
    },
    pausesMs: [1, 1],
  });
  return { got, failures };
}

const change: AlertChange = {
  name: 'backlog',
  state: 'firing',
  value: 2,
  limit: 1,
  since: Date.parse('2026-11-22T10:00:00.000Z'),
  text: 'Much is not loaded.',
};

it('posts a text for people and the figures for machines', async () => {
  const { got } = await receive((response) => response.end('ok'));
  webhook.send(change);
  await once(server, 'got');
  expect(got[0]?.body).toEqual({
    text: 'Parcours on shop-1: Much is not loaded.',
    alert: 'backlog',
    state: 'firing',
    value: 2,
    limit: 1,
    since: '2026-11-22T10:00:00.000Z',
    source: 'shop-1',
  });
});

it('tries again where the receiver fails, in the order of the alerts', async () => {
  let tries = 0;
  const { got, failures } = await receive((response) => response.writeHead(++tries < 3 ? 500 : 204).end());
  webhook.send(change);
  webhook.send({ ...change, state: 'resolved' });
  while (got.length < 4) await once(server, 'got');
  expect(got.map(({ body }) => body.state)).toEqual(['firing', 'firing', 'firing', 'resolved']);
  expect(failures).toEqual([]);
});

it('follows no redirect, gives up after a few tries, and keeps the address to itself', async () => {
  const { got, failures } = await receive((response) => response.writeHead(307, { location: '/elsewhere' }).end());
  webhook.send(change);
  await once(server, 'failure');
  expect(got.map(({ path }) => path)).toEqual(['/hook-secret', '/hook-secret', '/hook-secret']);
  expect(failures).toEqual(['backlog: it answered 307']);
});

it('says no more than a code where nobody answers', async () => {
  const { failures } = await receive((response, request) => request.socket.destroy() && response);
  webhook.send(change);
  await once(server, 'failure');
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatch(/^backlog: \w+$/);
});
