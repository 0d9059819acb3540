import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An answer as it came over the wire: repeated headers apart, nothing followed, nothing decoded. */
export interface Answer {
  readonly status: number;
  /** Every value of a header, in order; none where it is absent. */
  all(name: string): readonly string[];
  readonly body: string;
  /** This end of the connection: what whoever accepted it sees, unless an address was translated between. */
  readonly own: { readonly address: string; readonly port: number };
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks an address. Rejects with a message that names the fault. */
export type Ask = (url: URL | string, question?: Question) => Promise<Answer>;

const PATIENCE_MS = 10_000;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * `node:http` and not fetch: a check must see a header that came twice, send the `Origin` and the `Cookie` of a browser, and
 * know its own end of the socket. Each request has a connection of its own.
 */
export const ask: Ask = (url, { method = 'GET', headers = {}, body = '' } = {}) =>
  new Promise((resolve, reject) => {
    const to = new URL(url);
    const fail = (reason: string): void => reject(new Error(`${to.origin} ${reason}`));
    const length =
      method === 'GET' || method === 'OPTIONS' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options: RequestOptions = { method, agent: false, headers: { ...headers, ...length } };
    const request = (to.protocol === 'https:' ? httpsRequest : httpRequest)(to, options, (response) => {
      // The socket is let go of before the body has been read.
      const own = { address: response.socket.localAddress ?? '', port: response.socket.localPort ?? 0 };
      readBody(response).then((text) => {
        resolve({ status: response.statusCode ?? 0, all: headerOf(response), body: text, own });
      }, reject);
    });
    request.setTimeout(PATIENCE_MS, () => request.destroy(new Error(`does not answer within ${PATIENCE_MS / 1000} s`)));
    request.on('error', (error: NodeJS.ErrnoException) => fail(reasonOf(error)));
    request.end(body);
  });

function headerOf({ rawHeaders }: IncomingMessage): Answer['all'] {
  return (name) =>
    rawHeaders.flatMap((each, at) =>
      at % 2 === 0 && each.toLowerCase() === name.toLowerCase() ? [rawHeaders[at + 1] ?? ''] : [],
    );
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: NodeJS.ErrnoException): string {
  // A name with several addresses fails as one error that holds those of each.
  const first = (error as { errors?: readonly NodeJS.ErrnoException[] }).errors?.[0] ?? error;
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'refuses connections (nothing listens there)',
    ENOTFOUND: 'has no address (DNS)',
    ECONNRESET: 'closed the connection',
    ETIMEDOUT: 'cannot be reached',
  };
  return reasons[first.code ?? ''] ?? `cannot be asked: ${first.message}${first.code ? ` (${first.code})` : ''}`;
}
