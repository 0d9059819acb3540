import type { Log } from '@parcours/store/log';
import { LogError } from '@parcours/store/log';
import { createAccess } from './access.ts';
import { type Answer, answerError, answerJson } from './answer.ts';
import { answerText } from './answer_text.ts';
import { checkBodyHeaders, decodeBody } from './body.ts';
import { createCors } from './cors.ts';
import { CollectorError } from './errors.ts';
import { createIngest, type Sender } from './ingest.ts';
import { createArrivals } from './link/arrivals.ts';
import { createLinkIssuer, type LinkIssuer } from './link/issue_link.ts';
import { createLinkTokens, linkKeyOf } from './link/link_token.ts';
import type { Metrics } from './metrics.ts';
import type { Site } from './options.ts';
import { createRateLimit } from './rate_limit.ts';
import { type Envelope, readEnvelope } from './read_envelope.ts';
import { type CookiePlace, createVisitorCookie } from './visitor_cookie.ts';
import { cookieDomainOf } from './visitor_cookie_domain.ts';

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
  /** `POST /v1/link`: the token for the links of a page that lead to another domain of the shop, or 204 where there is none. */
  link(request: Incoming): Promise<Answer>;
  preflight(request: Pick<Incoming, 'header'>): Answer;
}

/** The same, for sites that change. */
export interface ChangingReceive extends Receive {
  /**
   * Puts other sites in the place of those before, between two requests: one that is in hand goes on as it began. Limits,
   * recent ids and used link tokens stay.
   */
  setSites(sites: readonly Site[]): void;
}

export interface ReceiveOptions {
  readonly sites: readonly Site[];
  readonly log: Log;
  readonly metrics: Metrics;
  readonly cookieSecret: Uint8Array;
  /** Keys the hashes of secret keys. */
  readonly secretPepper: Uint8Array;
  readonly rateLimits: { readonly perAddress: number; readonly perKey: number };
  readonly now: () => number;
}

/** Seconds after which to come again when the log is full or broken: it looks at the disk once a second. */
const RETRY_SECONDS = 2;

export function createReceive(options: ReceiveOptions): ChangingReceive {
  const { log, metrics, cookieSecret, secretPepper, rateLimits, now } = options;
  const access = createAccess({ pepper: secretPepper, rateLimits, onLimited: metrics.rateLimited });
  const cookie = createVisitorCookie({ secret: cookieSecret, now });
  const tokens = createLinkTokens([linkKeyOf(cookieSecret)]);
  const linksPerSite = createRateLimit(rateLimits.perKey, () => metrics.rateLimited('link'));
  const ingest = createIngest({
    log,
    now,
    arrivals: createArrivals(tokens, (site) => known.has(site)),
    onScrub: metrics.scrubbed,
    onClockCorrected: metrics.clockCorrected,
  });

  let known: ReadonlySet<string>;
  let cors: ReturnType<typeof createCors>;
  let links: LinkIssuer;
  const setSites = (sites: readonly Site[]): void => {
    known = new Set(sites.map(({ id }) => id));
    cors = createCors(sites.flatMap(({ origins }) => origins));
    links = createLinkIssuer({ sites, tokens, cookie, now });
    access.setSites(sites);
  };
  setSites(options.sites);

  const placeOf = ({ id, cookieDomains }: Site, origin: string | undefined): CookiePlace => ({
    site: id,
    domain: cookieDomainOf(cookieDomains, origin),
  });

  const read = async (request: Incoming): Promise<{ readonly batch: Envelope; readonly sender: Sender }> => {
    const { header, address } = request;
    checkBodyHeaders(header);
    const server = access.enter(header, address);
    const { json, byteLength } = await decodeBody(await request.body(), header('content-encoding'));
    const batch = readEnvelope(json);
    const site = access.admit(batch, { origin: header('origin'), server });
    if (server) return { batch, sender: { site, source: 'server', byteLength } };
    const sender: Sender = {
      site,
      source: 'web',
      address,
      userAgent: header('user-agent'),
      visitor: cookie.read(header('cookie'), placeOf(site, header('origin'))),
      byteLength,
    };
    return { batch, sender };
  };

  const settle = async (
    request: Incoming,
    handle: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
  ): Promise<Answer> => {
    const headers = cors.headers(request.header('origin'));
    metrics.begin();
    try {
      return await handle(headers);
    } catch (error) {
      return answerError(error, headers);
    } finally {
      metrics.end();
    }
  };

  /** Begins to store a batch, and says what its accounts need: whoever waits for the disk must not keep the batch alive. */
  const begin = ({ batch, sender }: { readonly batch: Envelope; readonly sender: Sender }) => {
    metrics.body(sender.source, sender.byteLength);
    return {
      site: sender.site,
      items: batch.events.length,
      dropped: batch.dropped,
      stored: ingest.store(batch, sender),
    };
  };

  return {
    setSites,
    preflight: ({ header }) => cors.preflight(header('origin')),
    validate: (request) =>
      settle(request, async (headers) => {
        const { batch, sender } = await read(request);
        return answerJson(200, answerText(ingest.judge(batch, sender).results), headers);
      }),
    link: (request) =>
      settle(request, async (headers) => {
        const { header, address } = request;
        checkBodyHeaders(header);
        access.enter(header, address);
        const { json } = await decodeBody(await request.body(), header('content-encoding'));
        const { site, reply } = links.issue({ json, origin: header('origin'), cookies: header('cookie') });
        linksPerSite(site);
        return reply ? answerJson(200, JSON.stringify(reply), headers) : { status: 204, headers, body: '' };
      }),
    events: (request) =>
      settle(request, async (headers) => {
        const { site, items, dropped, stored } = begin(await read(request));
        try {
          const { results, visitor } = await stored;
          metrics.batch(site.id, results);
          if (dropped) metrics.dropped(site.id, dropped);
          return answerJson(
            200,
            answerText(results, visitor?.replaces ? visitor.id : undefined),
            visitor?.issue
              ? { ...headers, 'set-cookie': cookie.write(placeOf(site, request.header('origin')), visitor) }
              : headers,
          );
        } catch (cause) {
          if (!(cause instanceof LogError)) throw cause;
          const code = cause.code === 'overloaded' ? 'overloaded' : 'store_unavailable';
          metrics.unstored(site.id, items, code);
          throw new CollectorError(code, undefined, { cause, retryAfter: RETRY_SECONDS });
        }
      }),
  };
}
