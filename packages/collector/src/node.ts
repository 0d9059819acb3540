import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Answer } from './answer.ts';
import type { Collector } from './app.ts';
import { createBodyBuffer } from './body.ts';
import { CollectorError } from './errors.ts';

/**
 * A Node server for a collector. A batch of events goes past Hono, straight from the socket to the same code: on the
 * hot path the fetch-API request and response cost as much as reading the JSON. All else is Hono's.
 *
 * The caller listens, and closes it.
 */
export function createCollectorServer(collector: Collector): Server {
  const viaHono = getRequestListener(collector.fetch);
  const server = createServer((request, response) => {
    if (request.method === 'POST' && collector.endpoints.includes(request.url ?? ''))
      void receiveEvents(collector, request, response);
    else void viaHono(request, response);
  });
  // A sender that dribbles its headers or body holds a socket no longer than this.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

async function receiveEvents(collector: Collector, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const start = performance.now();
  const { headers, socket } = request;
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const answer = await collector.receive.events({
    header,
    address: collector.clientAddress(socket.remoteAddress, header),
    body: () => readBody(request),
  });
  const { status, fault } = answer;
  // A name is for whoever looks the request up: where no line is written and nothing was refused, nobody does.
  const requestId = collector.namesTaken || status !== 200 ? crypto.randomUUID() : undefined;
  send(request, response, answer, requestId);
  const code = answer.headers['x-error-code'];
  const ms = performance.now() - start;
  // An address of ours as it is: it has no pattern.
  const route = request.url ?? '';
  collector.observe({ requestId: requestId ?? '', method: 'POST', route, status, ms, ...(code && { code }) }, fault);
}

function readBody(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const buffer = createBodyBuffer();
    request.on('data', (chunk: Buffer) => {
      try {
        buffer.add(chunk);
      } catch (error) {
        request.removeAllListeners('data');
        reject(error);
      }
    });
    request.on('end', () => resolve(buffer.bytes()));
    // A sender that goes away before the end has sent nothing that we could promise.
    request.on('error', (cause) => reject(new CollectorError('body_timeout', undefined, { cause })));
    request.on('close', () => {
      if (!request.complete) reject(new CollectorError('body_timeout'));
    });
  });
}

/** Ms for which the rest of a refused body is read and thrown away, so that the sender can read why. */
const DISCARD_MS = 2_000;

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  requestId: string | undefined,
): void {
  if (response.destroyed) return;
  const length = { 'content-length': Buffer.byteLength(body) };
  response.writeHead(
    status,
    requestId === undefined ? { ...headers, ...length } : { ...headers, ...length, 'x-request-id': requestId },
  );
  response.end(body);
  if (request.complete) return;
  request.resume();
  const giveUp = setTimeout(() => request.destroy(), DISCARD_MS);
  giveUp.unref();
  request.on('close', () => clearTimeout(giveUp));
}
