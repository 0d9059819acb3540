import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Answer } from './answer.ts';
import type { Collector } from './app.ts';
import { createBodyBuffer } from './body.ts';
import { createCrowd } from './crowd.ts';
import { CollectorError } from './errors.ts';
import { createGather } from './gather.ts';
import { createHold } from './hold.ts';
import { lingerAfter } from './linger.ts';
import { createTurns } from './turn.ts';

/**
 * A Node server for a collector. A batch of events goes past Hono, straight from the socket to the same code: on the
 * hot path the fetch-API request and response cost as much as reading the JSON. All else is Hono's.
 *
 * It sheds what is more than it can do: batches beyond what a turn of the event loop has time for (`TURN`) are refused before
 * they are read, whether they come on open connections or on new ones (`createCrowd`), and who asks for too much is told so a second later (`HOLD`).
 *
 * The caller listens, and closes it.
 */
export function createCollectorServer(collector: Collector): Server {
  const viaHono = getRequestListener(collector.fetch);
  const crowd = createCrowd({ mayTake: createTurns() });
  const hold = createHold();
  const gather = createGather();
  /** Connections on which no request came yet. */
  const unused = new WeakSet<Socket>();
  const server = createServer((request, response) => {
    const isFirst = unused.delete(request.socket);
    if (request.method === 'POST' && collector.endpoints.includes(request.url ?? '')) {
      const handle = (isOverloaded: boolean): void =>
        void receiveEvents(collector, { request, response, isOverloaded, hold, gather });
      crowd.arrived(handle, isFirst);
    } else {
      response.prependOnceListener('finish', () => lingerAfterEarly(request, response));
      void viaHono(request, response);
    }
  });
  server.on('connection', (socket) => {
    unused.add(socket);
    crowd.connected();
  });
  // A sender that dribbles its headers or body holds a socket no longer than this.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly isOverloaded: boolean;
  readonly hold: () => Promise<void>;
  readonly gather: ReturnType<typeof createGather>;
}

async function receiveEvents(
  collector: Collector,
  { request, response, isOverloaded, hold, gather }: Exchange,
): Promise<void> {
  const start = performance.now();
  const { headers, socket } = request;
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const answer = await collector.receive.events({
    header,
    address: collector.clientAddress(socket.remoteAddress, header),
    body: () => readBody(request, gather),
    isOverloaded,
  });
  // Without what it is kept back for.
  const ms = performance.now() - start;
  const { status, fault } = answer;
  if (status === 429) await hold();
  // A name is for whoever looks the request up: where no line is written and nothing was refused, nobody does.
  const requestId = collector.namesTaken || status !== 200 ? crypto.randomUUID() : undefined;
  send(request, response, answer, requestId);
  const code = answer.headers['x-error-code'];
  // An address of ours as it is: it has no pattern.
  const route = request.url ?? '';
  collector.observe({ requestId: requestId ?? '', method: 'POST', route, status, ms, ...(code && { code }) }, fault);
}

function readBody(request: IncomingMessage, gather: Exchange['gather']): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // Gone while it was put off: nothing more is told of it.
    if (request.destroyed) return reject(new CollectorError('body_timeout'));
    const buffer = createBodyBuffer();
    request.on('data', (chunk: Buffer) => {
      try {
        buffer.add(chunk);
      } catch (error) {
        request.removeAllListeners('data');
        reject(error);
      }
    });
    request.on('end', () => gather(buffer.size(), () => resolve(buffer.bytes())));
    // A sender that goes away before the end has sent nothing that we could promise.
    request.on('error', (cause) => reject(new CollectorError('body_timeout', undefined, { cause })));
    request.on('close', () => {
      if (!request.complete) reject(new CollectorError('body_timeout'));
    });
  });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body, cookies }: Answer,
  requestId: string | undefined,
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(body),
    ...(cookies && { 'set-cookie': cookies as string[] }),
    ...(requestId !== undefined && { 'x-request-id': requestId }),
  });
  lingerAfterEarly(request, response);
  response.end(body);
}

function lingerAfterEarly(request: IncomingMessage, response: ServerResponse): void {
  if (!request.complete) lingerAfter(request, response);
}
