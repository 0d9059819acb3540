import type { Log } from '@parcours/store/log';
import { LogError } from '@parcours/store/log';
import { type Answer, answerError, answerJson } from './answer.ts';
import { answerText } from './answer_text.ts';
import { checkBodyHeaders, decodeBody } from './body.ts';
import { createCors } from './cors.ts';
import { CollectorError } from './errors.ts';
import { createIngest, type Sender } from './ingest.ts';
import type { Metrics } from './metrics.ts';
import type { Site } from './options.ts';
import { createRateLimit } from './rate_limit.ts';
import { type Envelope, readEnvelope } from './read_envelope.ts';
import { createVisitorCookie } from './visitor_cookie.ts';

/** A request to the events route, of whatever server: headers by lower-case name, the body when asked for. */
export interface Incoming {
  readonly header: (name: string) => string | undefined;
  /** The client's address, proxies already accounted for. */
  readonly address: string | undefined;
  /** Reads the body; throws `body_too_large` at the byte that is one too many. */
  readonly body: () => Promise<Uint8Array>;
}

/**
 * The way of a batch from request to answer, free of any server: Hono's route and the bare Node path both call it,
 * and are held to the same tests.
 */
export interface Receive {
  /** `POST /v1/events`: stores, then answers. */
  events(request: Incoming): Promise<Answer>;
  /** `POST /v1/validate`: the same judgement, nothing stored. */
  validate(request: Incoming): Promise<Answer>;
  preflight(request: Pick<Incoming, 'header'>): Answer;
}

export interface ReceiveOptions {
  readonly sites: readonly Site[];
  readonly log: Log;
  readonly metrics: Metrics;
  readonly cookieSecret: Uint8Array;
  readonly rateLimits: { readonly perAddress: number; readonly perKey: number };
  readonly now: () => number;
}

/** Seconds after which to come again when the log is full or broken: it looks at the disk once a second. */
const RETRY_SECONDS = 2;

export function createReceive({ sites, log, metrics, cookieSecret, rateLimits, now }: ReceiveOptions): Receive {
  const bySite = new Map(sites.map((site) => [site.id, site]));
  const cors = createCors(sites.flatMap((site) => site.origins));
  const perAddress = createRateLimit(rateLimits.perAddress);
  const perKey = createRateLimit(rateLimits.perKey);
  const cookie = createVisitorCookie({ secret: cookieSecret, now });
  const ingest = createIngest({ log, now, onScrub: metrics.scrubbed });

  const authorise = (siteId: string, key: string, origin: string | undefined): Site => {
    const site = bySite.get(siteId);
    if (!site) throw new CollectorError('unknown_site');
    if (!site.keys.includes(key)) throw new CollectorError('unknown_key');
    if (origin !== undefined && !site.origins.includes(origin)) throw new CollectorError('origin_not_allowed');
    return site;
  };

  const read = async (request: Incoming): Promise<{ readonly batch: Envelope; readonly sender: Sender }> => {
    const { header, address } = request;
    checkBodyHeaders(header);
    perAddress(address ?? 'unknown');
    const { json, byteLength } = await decodeBody(await request.body(), header('content-encoding'));
    const batch = readEnvelope(json);
    const site = authorise(batch.site, batch.key, header('origin'));
    perKey(`${site.id} ${batch.key}`);
    const sender: Sender = {
      site,
      address,
      userAgent: header('user-agent'),
      visitor: cookie.read(header('cookie'), site.id),
      byteLength,
    };
    return { batch, sender };
  };

  const settle = async (
    request: Incoming,
    handle: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
  ): Promise<Answer> => {
    const headers = cors.headers(request.header('origin'));
    try {
      return await handle(headers);
    } catch (error) {
      return answerError(error, headers);
    }
  };

  /** Begins to store a batch, and says what its accounts need: whoever waits for the disk must not keep the batch alive. */
  const begin = ({ batch, sender }: { readonly batch: Envelope; readonly sender: Sender }) => ({
    site: sender.site.id,
    items: batch.events.length,
    dropped: batch.dropped,
    stored: ingest.store(batch, sender),
  });

  return {
    preflight: ({ header }) => cors.preflight(header('origin')),
    validate: (request) =>
      settle(request, async (headers) => {
        const { batch, sender } = await read(request);
        return answerJson(200, answerText(ingest.judge(batch, sender).results), headers);
      }),
    events: (request) =>
      settle(request, async (headers) => {
        const { site, items, dropped, stored } = begin(await read(request));
        try {
          const { results, visitor } = await stored;
          metrics.batch(site, results);
          if (dropped) metrics.dropped(site, dropped);
          return answerJson(
            200,
            answerText(results, visitor?.replaces ? visitor.id : undefined),
            visitor?.issue ? { ...headers, 'set-cookie': cookie.write(site, visitor) } : headers,
          );
        } catch (cause) {
          if (!(cause instanceof LogError)) throw cause;
          metrics.unstored(site, items);
          const code = cause.code === 'overloaded' ? 'overloaded' : 'store_unavailable';
          throw new CollectorError(code, undefined, { cause, retryAfter: RETRY_SECONDS });
        }
      }),
  };
}
