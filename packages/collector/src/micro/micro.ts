import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import { type Context, Hono } from 'hono';
import { type Collector, createCollector } from '../app.ts';
import { bodyOf, remoteAddressOf } from '../hono_request.ts';
import type { CollectorOptions, Script, SiteInput } from '../options.ts';
import type { Incoming, Receive } from '../receive.ts';
import { eventsRoutes } from '../routes/events.ts';
import { linkRoutes } from '../routes/link.ts';
import { createJournal, type Journal, noTotals, type Totals } from './journal.ts';
import { isLoopbackOrigin, LOOPBACK_ORIGIN } from './loopback.ts';
import { microRoutes } from './routes.ts';
import { watchReceive } from './watched_receive.ts';

export interface MicroOptions
  extends Pick<
    CollectorOptions,
    'policies' | 'scripts' | 'scriptPath' | 'endpointPath' | 'trustProxy' | 'addressHeader' | 'rateLimits'
  > {
  /** Default one: id `shop`, key `pk_demo`. */
  readonly sites?: readonly SiteInput[];
  /** Origins whose pages may send, for every site. Default: those of each site, and every page of this machine. */
  readonly origins?: readonly string[] | undefined;
  /** Bytes of JSON that events may take; beyond it batches get 503 until a reset. Default 32 MiB. */
  readonly maxBytes?: number | undefined;
  /** Whether `/micro` answers only those who call it by a name of this machine. Default true. */
  readonly loopbackOnly?: boolean;
  /** Ms since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** A collector that keeps everything in memory and tells it to tests, under `/micro`. */
export type Micro = Collector & {
  /** What was seen since the last reset. */
  readonly journal: () => Journal;
  /** Everything since the start, resets or not. */
  readonly totals: () => Readonly<Totals>;
  /** Forgets all that was seen, ids included, as if just started. A batch that is under way is forgotten too. */
  readonly reset: () => void;
};

/** The site that is there where none is named. */
export const DEMO_SITE: SiteInput = { id: 'shop', keys: ['pk_demo'] };

/**
 * The real collector over a log in memory: the same checks, consent, scrubbing and answers.
 *
 * @throws Error naming the option where one is wrong
 */
export function createMicro({
  sites = [DEMO_SITE],
  origins,
  maxBytes,
  loopbackOnly = true,
  scripts = [],
  policies = [],
  now = Date.now,
  ...options
}: MicroOptions = {}): Micro {
  const withLoopback = (each: readonly SiteInput[]) =>
    each.map((site) => ({ ...site, origins: origins ? [...origins] : [...(site.origins ?? []), LOOPBACK_ORIGIN] }));
  let listed = withLoopback(sites);
  let known = new Set(listed.flatMap((site) => site.origins));
  const standIn = (origin: string): string =>
    origins === undefined && !known.has(origin) && isLoopbackOrigin(origin) ? LOOPBACK_ORIGIN : origin;
  let published = policies;
  const compressed = scripts.map(compressOnce);
  const cookieSecret = randomBytes(32);
  const listeners = new Set<() => void>();
  const totals = noTotals();
  let arrivals = 0;

  /** A collector with its memory. A reset begins another, so that nothing of the old one can be left over. */
  const begin = () => {
    const journal = createJournal({
      maxBytes,
      now,
      number: () => ++arrivals,
      onCount: (what, by) => {
        totals[what] += by;
      },
      onChange: () => {
        for (const listener of listeners) listener();
      },
    });
    const collector = createCollector({
      ...options,
      scripts: compressed,
      sites: listed,
      policies: published,
      log: journal.log,
      cookieSecret,
      now,
    });
    const receive = watchReceive(collector.receive, { standIn, onExchange: journal.exchanged });
    return { journal, collector, receive };
  };
  let current = begin();
  const { endpoints, clientAddress, observe, namesTaken } = current.collector;

  const reset = (): void => {
    current = begin();
    for (const listener of listeners) listener();
  };
  const receive: Receive = {
    events: (request) => current.receive.events(request),
    validate: (request) => current.receive.validate(request),
    link: (request) => current.receive.link(request),
    preflight: (request) => current.receive.preflight(request),
  };
  const incoming = (context: Context): Incoming => {
    const header = (name: string): string | undefined => context.req.header(name);
    return {
      header,
      address: clientAddress(remoteAddressOf(context), header),
      body: () => bodyOf(context.req.raw),
    };
  };

  const app = new Hono();
  app.route(
    '/',
    microRoutes({
      journal: () => current.journal,
      onChange(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      reset,
      loopbackOnly,
    }),
  );
  eventsRoutes(app, { receive, endpoints }, incoming);
  linkRoutes(app, { receive, endpoints }, incoming);
  // All else is the collector's own: scripts, health, metrics, what is not there.
  app.all('*', (context) => current.collector.fetch(context.req.raw, context.env));

  return Object.assign(app, {
    receive,
    endpoints,
    clientAddress,
    observe,
    namesTaken,
    drain: () => current.collector.drain(),
    accounts: () => current.collector.accounts(),
    setSites(changed: readonly SiteInput[]) {
      const next = withLoopback(changed);
      current.collector.setSites(next);
      listed = next;
      known = new Set(next.flatMap((site) => site.origins));
    },
    setPolicies(changed: typeof policies) {
      current.collector.setPolicies(changed);
      published = changed;
    },
    journal: () => current.journal,
    totals: () => totals,
    reset,
  });
}

/** Quickly, once for all resets: nobody measures the size of a script here. */
function compressOnce(script: Script): Script {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1 };
  return { ...script, brotli: script.brotli ?? brotliCompressSync(script.bytes, { params }) };
}
