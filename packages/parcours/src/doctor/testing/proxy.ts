import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a proxy makes of a request's headers; `from` is who asked it. */
export type Rewrite = (headers: Record<string, string>, from: string) => void;

export interface ProxyOptions {
  readonly upstream: string;
  /** The address from which it asks: on Linux all of 127.0.0.0/8 is this machine. */
  readonly address: string;
  readonly rewrite?: Rewrite;
  /** Changes an answer's header, given by lower-case name, or takes it out. */
  readonly answer?: (headers: Record<string, string | readonly string[]>) => void;
  /** Keeps every answer to GET and gives it again, whatever the answer says of that. */
  readonly isCache?: boolean;
  /** Answers by itself; what it gives back is sent. */
  readonly instead?: (request: IncomingMessage) => Kept | undefined;
}

interface Kept {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

export interface RunningProxy {
  readonly origin: string;
  stop(): Promise<void>;
}

/** A small reverse proxy, as real as any: it reads a request, changes its headers, asks the next one, and gives back the answer. */
export async function startProxy({
  upstream,
  address,
  rewrite,
  answer,
  isCache,
  instead,
}: ProxyOptions): Promise<RunningProxy> {
  const kept = new Map<string, Kept>();
  const server = createServer((incoming, outgoing) => {
    const own: Kept | undefined =
      instead?.(incoming) ?? (incoming.method === 'GET' ? kept.get(incoming.url ?? '') : undefined);
    if (own) {
      outgoing.writeHead(own.status, own.headers).end(own.body);
      return;
    }
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    rewrite?.(headers, (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''));
    const to = new URL(incoming.url ?? '/', upstream);
    const options = { method: incoming.method, headers, localAddress: address, agent: false };
    const asked = request(to, options, (response) => {
      const given = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, value ?? '']));
      answer?.(given as Record<string, string | readonly string[]>);
      outgoing.writeHead(response.statusCode ?? 502, given as Record<string, string>);
      response.pipe(outgoing);
      if (!isCache || incoming.method !== 'GET') return;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const whole = { status: response.statusCode ?? 502, headers: given as Record<string, string> };
        kept.set(incoming.url ?? '', { ...whole, body: Buffer.concat(chunks) });
      });
    });
    asked.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(asked);
  });
  return { origin: await listen(server), stop: () => end(server) };
}

/** As nginx's `$proxy_add_x_forwarded_for`. */
export const appends: Rewrite = (headers, from) => {
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], from].filter(Boolean).join(', ');
};
/** As Caddy without trusted proxies, and most CDNs. */
export const replaces: Rewrite = (headers, from) => {
  headers['x-forwarded-for'] = from;
};
/** As nginx that forwards a request as it came. */
export const passes: Rewrite = () => {};
/** As a hardened proxy that takes such headers out, and puts none in. */
export const strips: Rewrite = (headers) => {
  for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded']) delete headers[name];
};
export const setsRealIp: Rewrite = (headers, from) => {
  strips(headers, from);
  headers['x-real-ip'] = from;
};
/** RFC 7239. */
export const appendsForwarded: Rewrite = (headers, from) => {
  delete headers['x-forwarded-for'];
  delete headers['x-real-ip'];
  headers.forwarded = [headers.forwarded, `for="${from}:4711";proto=https`].filter(Boolean).join(', ');
};
/** As some application gateways: the port of the client behind its address. */
export const appendsWithPort: Rewrite = (headers, from) => {
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], `${from}:4711`].filter(Boolean).join(', ');
};
/** As a proxy that listens on both families and writes every address as IPv6. */
export const appendsMapped: Rewrite = (headers, from) => {
  headers['x-forwarded-for'] = [headers['x-forwarded-for'], `::ffff:${from}`].filter(Boolean).join(', ');
};

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function end(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
