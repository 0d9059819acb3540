import { erasedHash } from '@parcours/store/control';
import type { Log } from '@parcours/store/log';
import { LogError } from '@parcours/store/log';
import { createAccess } from './access.ts';
import { type Answer, answerError, answerJson } from './answer.ts';
import { answerText } from './answer_text.ts';
import { checkBodyHeaders, decodeBody } from './body.ts';
import { createConsent } from './consent/batch_consent.ts';
import { createErased } from './consent/erased.ts';
import { createReceiptMaker } from './consent/new_receipt.ts';
import type { Policies } from './consent/policies.ts';
import { createReceiptIds } from './consent/receipt_ids.ts';
import type { ConsentWiring } from './consent/wiring.ts';
import { createWithdrawals, hasLeft, latestChoice, takesAll } from './consent/withdrawals.ts';
import { createCors } from './cors.ts';
import { CollectorError } from './errors.ts';
import { createDayVisitors } from './exempt/day_visitors.ts';
import { hasObjected, objectionCookie } from './exempt/objection.ts';
import { createIngest } from './ingest.ts';
import { createArrivals } from './link/arrivals.ts';
import { createLinkIssuer, type LinkIssuer } from './link/issue_link.ts';
import { createLinkTokens, linkKeyOf } from './link/link_token.ts';
import { logFault, RETRY_SECONDS } from './log_fault.ts';
import type { Metrics } from './metrics.ts';
import type { Site } from './options.ts';
import { createRateLimit } from './rate_limit.ts';
import { type Envelope, readEnvelope } from './read_envelope.ts';
import type { RightsOptions } from './rights/options.ts';
import { createOwnData, type OwnData } from './rights/own_data.ts';
import { createVisitorRights, type VisitorRights } from './rights/visitor_rights.ts';
import { createScrubber } from './scrub/scrub.ts';
import type { Sender } from './sender.ts';
import { lifeOf } from './visitor_age.ts';
import { type CookiePlace, createVisitorCookie } from './visitor_cookie.ts';
import { cookieDomainOf } from './visitor_cookie_domain.ts';

/** A request to the events route, of whatever server: headers by lower-case name, the body when asked for. */
export interface Incoming {
  readonly header: (name: string) => string | undefined;
  /** The client's address, proxies already accounted for. */
  readonly address: string | undefined;
  /** Reads the body; throws `body_too_large` at the byte that is one too many. */
  readonly body: () => Promise<Uint8Array>;
  /** There is more in hand than can be handled soon: it is refused before its body is read. Default: there is not. */
  readonly isOverloaded?: boolean;
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
  /** What a visitor may ask for beside sending events. */
  readonly rights: VisitorRights;
  /** The same, asked by a page of the shop. */
  readonly ownData: OwnData;
}

export interface ReceiveOptions {
  readonly sites: readonly Site[];
  readonly log: Log;
  readonly metrics: Metrics;
  readonly cookieSecret: Uint8Array;
  /** Keys the hashes of secret keys. */
  readonly secretPepper: Uint8Array;
  readonly rateLimits: { readonly perAddress: number; readonly perKey: number };
  readonly policies: Policies;
  readonly consent: ConsentWiring;
  readonly rights: RightsOptions;
  /** SHA-384 of the browser script of a version. */
  readonly sdkHash: (version: string) => string | undefined;
  readonly now: () => number;
}

/** Seconds after which to come again under overload: not all at once. */
const retryAnySecond = (): number => RETRY_SECONDS + Math.floor(Math.random() * 4);

export function createReceive(options: ReceiveOptions): ChangingReceive {
  const { log, metrics, cookieSecret, secretPepper, rateLimits, policies, consent: wiring, sdkHash, now } = options;
  const access = createAccess({ pepper: secretPepper, rateLimits, onLimited: metrics.rateLimited });
  const cookie = createVisitorCookie({ secret: cookieSecret, now });
  const tokens = createLinkTokens([linkKeyOf(cookieSecret)]);
  const linksPerSite = createRateLimit(rateLimits.perKey, () => metrics.rateLimited('link'));
  /** A withdrawal is held in memory for a year by every collector, and on disk for good: who makes up visitors must not fill them. */
  const withdrawalsPerAddress = createRateLimit(Math.ceil(rateLimits.perAddress / 10), () =>
    metrics.rateLimited('address'),
  );
  const { text: scrub } = createScrubber();
  const receiptIds = createReceiptIds(wiring.receiptKey, scrub);
  const withdrawals = createWithdrawals(wiring.withdrawalsOf);
  const erased = createErased(wiring.receiptKey, wiring);
  const ingest = createIngest({
    log,
    now,
    receipts: wiring.receipts,
    consent: createConsent({ policies, receipts: receiptIds, withdrawals, erased }),
    erased,
    receiptMaker: createReceiptMaker({ ids: receiptIds, policies, sdkHash, scrub }),
    exempt: { policies, dayVisitors: createDayVisitors() },
    withdrawals,
    recordWithdrawal: wiring.recordWithdrawal,
    arrivals: createArrivals(tokens, (site) => known.has(site)),
    onScrub: metrics.scrubbed,
    onClockCorrected: metrics.clockCorrected,
  });

  let known: ReadonlyMap<string, Site>;
  let cors: ReturnType<typeof createCors>;
  let links: LinkIssuer;
  const setSites = (sites: readonly Site[]): void => {
    known = new Map(sites.map((site) => [site.id, site]));
    cors = createCors(sites.flatMap(({ origins }) => origins));
    links = createLinkIssuer({ sites, tokens, cookie, erased, now });
    access.setSites(sites);
  };
  setSites(options.sites);

  const placeOf = ({ id, cookieDomains }: Site, origin: string | undefined): CookiePlace => ({
    site: id,
    domain: cookieDomainOf(cookieDomains, origin),
    lifeMs: lifeOf(policies.rulesOf(id)),
  });

  /** Of a site's cookies: one for its hosts each, and one for each domain that some of them share. */
  const placesOf = ({ id, cookieDomains }: Site): readonly CookiePlace[] =>
    [undefined, ...cookieDomains].map((domain) => ({ site: id, domain }));

  const rights = createVisitorRights({
    siteOf: (id) => known.get(id),
    cookie,
    placeOf: (site) => ({ site: site.id, domain: undefined, lifeMs: lifeOf(policies.rulesOf(site.id)) }),
    placesOf,
    ids: receiptIds,
    erasedHashOf: (value) => erasedHash(wiring.receiptKey, { kind: 'visitor', value }),
    erased,
    ingest,
    options: options.rights,
    // As rare as withdrawals, and kept as long.
    perAddress: Math.ceil(rateLimits.perAddress / 10),
    onLimited: () => metrics.rateLimited('address'),
    now,
  });

  const read = async (request: Incoming): Promise<{ readonly batch: Envelope; readonly sender: Sender }> => {
    const { header, address } = request;
    checkBodyHeaders(header);
    const server = access.enter(header, address);
    const { json, byteLength } = await decodeBody(await request.body(), header('content-encoding'));
    const batch = readEnvelope(json);
    const site = access.admit(batch, { origin: header('origin'), server });
    if (server) return { batch, sender: { site, source: 'server', byteLength } };
    const place = placeOf(site, header('origin'));
    const sender: Sender = {
      site,
      source: 'web',
      address,
      userAgent: header('user-agent'),
      visitor: cookie.read(header('cookie'), place),
      gpc: header('sec-gpc') === '1',
      objected: batch.objection ?? hasObjected(header('cookie'), site.id),
      lifeMs: lifeOf(policies.rulesOf(site.id)),
      byteLength,
    };
    return { batch, sender };
  };

  const settle = async <A>(
    request: Incoming,
    handle: (headers: Readonly<Record<string, string>>) => Promise<A>,
  ): Promise<A | Answer> => {
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
    if (batch.withdrawn && sender.source === 'web') withdrawalsPerAddress(sender.address ?? 'unknown');
    metrics.body(sender.source, sender.byteLength);
    return {
      site: sender.site,
      items: batch.events.length,
      dropped: batch.dropped,
      forgets: sender.source === 'web' && takesAll(batch.withdrawn),
      objection: sender.source === 'web' ? batch.objection : undefined,
      chosenAt: latestChoice(batch.stamps),
      stored: ingest.store(batch, sender),
    };
  };

  /** A batch that was on its way to the disk when all was taken back must not give the id back to the browser. */
  const mayIssue = (site: Site, visitor: string, chosenAt: number): boolean =>
    !hasLeft(withdrawals.of(site.id, receiptIds.subjectOf(site.id, visitor)), chosenAt);

  return {
    setSites,
    rights,
    ownData: createOwnData({ access, rights, receipts: receiptIds, erased, settle }),
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
        if (request.isOverloaded) throw new CollectorError('overloaded', undefined, { retryAfter: retryAnySecond() });
        const { site, items, dropped, forgets, objection, chosenAt, stored } = begin(await read(request));
        try {
          const { results, visitor, told } = await stored;
          metrics.batch(site.id, results);
          if (dropped) metrics.dropped(site.id, dropped);
          const visitorId = visitor?.replaces ? visitor.id : undefined;
          const answer = answerJson(200, answerText(results, { visitorId, receipts: told }), headers);
          const isIssued = visitor?.issue && mayIssue(site, visitor.id, chosenAt);
          const issued = isIssued ? [cookie.write(placeOf(site, request.header('origin')), visitor)] : [];
          if (objection !== undefined) {
            const domain = cookieDomainOf(site.cookieDomains, request.header('origin'));
            issued.push(objectionCookie(site.id, objection, domain));
          }
          if (!forgets) return issued.length === 0 ? answer : { ...answer, cookies: issued };
          // What is removed first is not what is set last.
          return { ...answer, cookies: [...placesOf(site).map(cookie.clear), ...issued] };
        } catch (cause) {
          if (!(cause instanceof LogError)) throw cause;
          const fault = logFault(cause);
          metrics.unstored(site.id, items, fault.code);
          throw fault;
        }
      }),
  };
}
