import { randomBytes } from 'node:crypto';
import { pathOf } from '@parcours/protocol/schema';
import { type Context, Hono } from 'hono';
import { routePath } from 'hono/route';
import { answerError } from './answer.ts';
import { type ClientAddress, createClientAddress } from './client_address.ts';
import { createPolicies, type PublishedPolicy } from './consent/policies.ts';
import { wireConsent } from './consent/wiring.ts';
import { CollectorError } from './errors.ts';
import { bodyOf, remoteAddressOf } from './hono_request.ts';
import { type Accounts, createMetrics } from './metrics.ts';
import { createMetricsGuard } from './metrics_guard.ts';
import {
  addressHeader,
  type CollectorOptions,
  endpointPath,
  type RequestLine,
  rateLimits,
  type Site,
  type SiteInput,
  scriptPath,
  siteList,
  trustProxy,
} from './options.ts';
import { createReceive, type Incoming, type Receive } from './receive.ts';
import { diagnoseRoutes } from './routes/diagnose.ts';
import { EVENTS } from './routes/events.ts';
import { mountRoutes } from './routes/index.ts';
import { sdkHashOf } from './sdk_hash.ts';
import { hashSecretKeys } from './secret_keys.ts';
import { faultOf, toResponse } from './to_response.ts';
import { createVisitorCookie } from './visitor_cookie.ts';

/** A Hono app that also tells its inner way, so that a bare Node listener can take the hot path past Hono. */
export type Collector = Hono & {
  readonly receive: Receive;
  /** Where events are received: `/v1/events`, and the path of `endpointPath`. */
  readonly endpoints: readonly string[];
  /** The client's address, as `trustProxy` and `addressHeader` say. */
  readonly clientAddress: ClientAddress;
  /** Counts and tells one answered request. */
  readonly observe: (line: RequestLine, fault?: unknown) => void;
  /** Whether the answer to a batch that was taken tells its `x-request-id`. */
  readonly namesTaken: boolean;
  /** Lets `/readyz` answer 503 from now on, so that a load balancer looks elsewhere before the process ends. */
  readonly drain: () => void;
  /**
   * Puts other sites in the place of those before, from the next request on: those in hand, limits, recent ids and the log
   * are not touched.
   *
   * @throws Error naming what is wrong; then the sites are as they were
   */
  readonly setSites: (sites: readonly SiteInput[]) => void;
  /**
   * Puts other policies in the place of those before, in the order in which they were published: the last one is in force.
   * All is judged by it from the next request on; pages get it two seconds after its publication.
   */
  readonly setPolicies: (published: readonly PublishedPolicy[]) => void;
  /** How the items received since the start ended, all sites together. */
  readonly accounts: () => Accounts;
};

/**
 * The collector as a Hono app: mount it in any Hono or fetch-API server, or serve it alone (`@parcours/collector/node`).
 *
 * @throws Error naming the option where one is wrong
 * @example
 * const log = await openLog({ folder: 'data/log/collector-0' });
 * const app = createCollector({ sites: [{ id: 'shop', keys: ['pk_demo'] }], log, cookieSecret: randomBytes(32) });
 */
export function createCollector(options: CollectorOptions): Collector {
  const { log, scripts = [], metricsFrom = ['127.0.0.0/8', '::1/128'], onRequest, now = Date.now } = options;
  if (options.cookieSecret.byteLength < 32)
    throw new Error('[parcours] option "cookieSecret" must have 32 bytes or more');
  const { secretPepper = randomBytes(32) } = options;
  if (secretPepper.byteLength < 32) throw new Error('[parcours] option "secretPepper" must have 32 bytes or more');
  const readSites = (input: readonly SiteInput[]): readonly Site[] => {
    const read = checked(siteList, input, 'sites');
    if (options.secretPepper === undefined && read.some(({ secretKeyHashes }) => secretKeyHashes.length > 0)) {
      throw new Error('[parcours] option "secretPepper" is missing: the hashes of secret keys were made under one');
    }
    return hashSecretKeys(read, secretPepper);
  };
  let sites = readSites(options.sites);
  const ownScript = checked(scriptPath.optional(), options.scriptPath, 'scriptPath');
  const ownEndpoint = checked(endpointPath.optional(), options.endpointPath, 'endpointPath');
  const endpoints = [EVENTS, ...(ownEndpoint ? [ownEndpoint] : [])];
  const trusted = checked(trustProxy, options.trustProxy ?? false, 'trustProxy');
  const tellingHeader = checked(addressHeader, options.addressHeader, 'addressHeader');
  const clientAddress = createClientAddress(trusted, tellingHeader);
  const policies = createPolicies(options.policies ?? [], now);
  if (options.consent?.receiptKey && options.consent.receiptKey.byteLength < 32)
    throw new Error('[parcours] option "consent.receiptKey" must have 32 bytes or more');
  let draining = false;
  const metrics = createMetrics(log, options.registry, () => draining);
  const receive = createReceive({
    sites,
    log,
    metrics,
    cookieSecret: options.cookieSecret,
    secretPepper,
    rateLimits: checked(rateLimits, options.rateLimits ?? {}, 'rateLimits'),
    policies,
    consent: wireConsent(options.consent ?? {}, options.cookieSecret),
    rights: options.rights ?? {},
    sdkHash: sdkHashOf(scripts),
    now,
  });

  const observe: Collector['observe'] = (line, fault) => {
    metrics.request(line.status, line.code ?? '', line.ms / 1000);
    onRequest?.(line, fault);
  };

  const app = new Hono();
  app.use(async (context, next) => {
    const start = performance.now();
    const requestId = crypto.randomUUID();
    await next();
    const { status, headers } = context.res;
    headers.set('x-request-id', requestId);
    const code = headers.get('x-error-code') ?? undefined;
    const ms = performance.now() - start;
    observe(
      { requestId, method: context.req.method, route: routeOf(context), status, ms, ...(code && { code }) },
      faultOf(context.res),
    );
  });
  app.onError((error) => toResponse(answerError(error)));
  app.notFound(() => toResponse(answerError(new CollectorError('not_found'))));
  const incoming = (context: Context): Incoming => {
    const header = (name: string): string | undefined => context.req.header(name);
    return {
      header,
      address: clientAddress(remoteAddressOf(context), header),
      body: () => bodyOf(context.req.raw),
    };
  };
  if (options.diagnoseSecret) {
    const cookie = createVisitorCookie({ secret: options.cookieSecret, now });
    const secret = options.diagnoseSecret;
    const address = { clientAddress, trustProxy: trusted, addressHeader: tellingHeader };
    diagnoseRoutes(app, { secret, endpoints, sites: () => sites, cookie, ...address, now });
  }
  mountRoutes(app, {
    receive,
    rights: receive.rights,
    ownData: receive.ownData,
    endpoints,
    policies,
    hasSite: (id) => sites.some((site) => site.id === id),
    incoming,
    ready: async () => !draining && (await log.probe()),
    metrics,
    mayReadMetrics: createMetricsGuard(metricsFrom),
    addressOf: remoteAddressOf,
    scripts,
    scriptPath: ownScript,
  });

  return Object.assign(app, {
    receive,
    endpoints,
    clientAddress,
    observe,
    namesTaken: options.namesTaken ?? onRequest !== undefined,
    setSites(input: readonly SiteInput[]) {
      sites = readSites(input);
      receive.setSites(sites);
    },
    setPolicies: policies.set,
    accounts: metrics.accounts,
    drain: () => {
      draining = true;
    },
  });
}

/** The pattern of the route that answered; the last one that matches is this very middleware's where there is none. */
function routeOf(context: Context): string {
  const route = routePath(context, -1);
  return route === '/*' ? 'unmatched' : route;
}

/** One option through its schema; the first fault as one line that names it. */
function checked<T>(
  schema: {
    safeParse(input: unknown): {
      success: boolean;
      data?: T;
      error?: { issues: readonly { path: PropertyKey[]; message: string }[] };
    };
  },
  input: unknown,
  name: string,
): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data as T;
  const issue = parsed.error?.issues[0];
  throw new Error(`[parcours] option "${pathOf([name, ...(issue?.path ?? [])])}": ${issue?.message}`);
}
