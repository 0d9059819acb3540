import type { Answer } from '../answer.ts';
import { decodeBody } from '../body.ts';
import type { Incoming, Receive } from '../receive.ts';

/** A request to the events route with its answer. */
export interface Exchange {
  readonly answer: Answer;
  readonly origin: string | undefined;
  /** The batch as sent; undefined where it was not read or is no JSON. */
  readonly batch: unknown;
}

/**
 * The same way of a batch, watched: what was sent and what was answered is told to whoever listens.
 *
 * @param standIn the origin by which the collector judges a page; the page reads its answer under its own
 */
export function watchReceive(
  receive: Receive,
  {
    standIn,
    onExchange,
  }: {
    readonly standIn: (origin: string) => string;
    readonly onExchange: (exchange: Exchange) => void;
  },
): Receive {
  const asStandIn = <T extends Pick<Incoming, 'header'>>(request: T): T => ({
    ...request,
    header: (name: string) => {
      const value = request.header(name);
      return name === 'origin' && value !== undefined ? standIn(value) : value;
    },
  });
  const asSent = (answer: Answer, { header }: Pick<Incoming, 'header'>): Answer => {
    const origin = header('origin');
    if (origin === undefined || answer.headers[ALLOW] === undefined) return answer;
    return { ...answer, headers: { ...answer.headers, [ALLOW]: origin } };
  };

  return {
    async events(request) {
      let body: Uint8Array | undefined;
      const answer = await receive.events({
        ...asStandIn(request),
        body: async () => {
          body = await request.body();
          return body;
        },
      });
      const batch = body && (await read(body, request.header('content-encoding')));
      onExchange({ answer, origin: request.header('origin'), batch });
      return asSent(answer, request);
    },
    validate: async (request) => asSent(await receive.validate(asStandIn(request)), request),
    link: async (request) => asSent(await receive.link(asStandIn(request)), request),
    preflight: (request) => asSent(receive.preflight(asStandIn(request)), request),
  };
}

const ALLOW = 'access-control-allow-origin';

async function read(body: Uint8Array, encoding: string | undefined): Promise<unknown> {
  try {
    return (await decodeBody(body, encoding)).json;
  } catch {
    return undefined;
  }
}
