import { Agent, createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BatchReply, EventRecord } from '@parcours/protocol';
import { seenOf } from './seen.ts';

/** The way to the collector, which can be cut: then every request for events breaks off. */
export interface Road {
  readonly origin: string;
  isUp: boolean;
  /** Every request that came, those that broke off too. */
  readonly passed: readonly Passed[];
  /** What the collector answered other than 200, by status. */
  readonly refused: readonly number[];
  /** Numbers of the events that the collector has taken. */
  readonly taken: ReadonlySet<number>;
  close(): Promise<void>;
}

/** A request as it came. */
export interface Passed {
  /** The step under which its page sent it: see `markWire`. */
  readonly step: number;
  readonly method: string;
  /** With the query, less the step. */
  readonly path: string;
  readonly cookie: string | undefined;
  readonly body: string;
}

const STEP = 'shop_step';

/** @param name of the life whose road it is */
export async function openRoad(collector: string, name: string): Promise<Road> {
  const taken = new Set<number>();
  const passed: Passed[] = [];
  const refused: number[] = [];
  const { port } = new URL(collector);
  const agent = new Agent({ keepAlive: true });

  const note = (body: string, reply: string): void => {
    const { events } = JSON.parse(body) as { readonly events: readonly EventRecord[] };
    const { results = [] } = JSON.parse(reply) as Partial<BatchReply>;
    for (const [index, event] of events.entries()) {
      const status = results[index]?.status;
      if (status === 'accepted' || status === 'duplicate') taken.add(seenOf(event, name).number);
    }
  };

  const carry = (incoming: IncomingMessage, body: string, outgoing: ServerResponse): void => {
    const { method = '', headers } = incoming;
    const url = new URL(incoming.url ?? '/', road.origin);
    const step = Number(url.searchParams.get(STEP));
    url.searchParams.delete(STEP);
    const path = `${url.pathname}${url.search}`;
    passed.push({ step, method, path, cookie: headers.cookie, body });
    if (!road.isUp && url.pathname === '/v1/events') {
      incoming.socket.destroy();
      return;
    }
    const onward = forward({ host: '127.0.0.1', port, path, method, headers, agent }, async (answer) => {
      const reply = await bytesOf(answer);
      const { statusCode = 500 } = answer;
      if (method === 'POST' && statusCode === 200) note(body, reply.toString());
      else if (statusCode >= 400) refused.push(statusCode);
      outgoing.writeHead(statusCode, answer.headers).end(reply);
    });
    onward.on('error', () => incoming.socket.destroy());
    onward.end(body);
  };

  const server = createServer(async (incoming, outgoing) => {
    carry(incoming, (await bytesOf(incoming)).toString(), outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const road: Road = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    isUp: true,
    passed,
    refused,
    taken,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return road;
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of stream) parts.push(part);
  } catch {
    // Broken off by the page: what came of it is all there is.
  }
  return Buffer.concat(parts);
}

/**
 * In the page, before its scripts: marks each request for events with the step under which it is made, and has the browser ask
 * not to be followed where it is to. The step is kept where other tabs do not see it.
 */
export function markWire(gpc: boolean): void {
  if (gpc) Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
  const marked = (address: unknown): string => {
    const url = new URL(`${address}`, location.href);
    if (url.pathname === '/v1/events') url.searchParams.set('shop_step', sessionStorage.getItem('shop_step') ?? '0');
    return url.href;
  };
  const { fetch } = window;
  window.fetch = (address, init) => fetch(marked(address), init);
  const { sendBeacon } = navigator;
  navigator.sendBeacon = (address, data) => sendBeacon.call(navigator, marked(address), data);
}
