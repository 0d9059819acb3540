import { CONSOLE } from '@parcours/protocol';
import type { OpenApi } from '@parcours/protocol/openapi';
import type { Engine, Subjects } from '@parcours/store';
import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { declaredRoutes } from './access/allow.ts';
import { createGuesses } from './access/guesses.ts';
import { identify } from './access/identify.ts';
import { createOnceLinks } from './access/once_links.ts';
import type { ConsoleSecrets, Role } from './access/roles.ts';
import { sameOrigin } from './access/same_origin.ts';
import { createSessions } from './access/session.ts';
import type { Journeys, JourneysEnv } from './env.ts';
import { fault } from './fault.ts';
import { guardHost, OWN_HOSTS } from './guard_host.ts';
import type { LiveFeed } from './live/feed.ts';
import { type OnRequest, observeRequests } from './observe_requests.ts';
import type { ConsoleSite, ConsoleStatus, LoaderFigures } from './overview/program_status.ts';
import { assetRoutes } from './pages/assets.ts';
import { exemptPage } from './pages/exempt/page.tsx';
import { livePage } from './pages/live.tsx';
import { loginPages } from './pages/login.tsx';
import { missingPage } from './pages/missing.tsx';
import { overviewPage } from './pages/overview/page.tsx';
import { privacyPage } from './pages/privacy/page.tsx';
import { referencePage } from './pages/reference/reference.tsx';
import type { PrivacySources } from './privacy/sources.ts';
import { defaultReportK, type ReportK } from './reports/report_k.ts';
import { exportRoute } from './routes/export.ts';
import { healthRoute } from './routes/health.ts';
import { loginLinkRoute } from './routes/login_links.ts';
import { type MetricsSource, metricsRoute } from './routes/metrics.ts';
import { openApiRoute } from './routes/openapi.ts';
import { queryRoute } from './routes/query.ts';
import { reportRoutes } from './routes/reports.ts';
import { type RetentionSource, retentionRoute } from './routes/retention.ts';
import { snapshotRoute } from './routes/snapshot.ts';
import { subjectRoutes } from './routes/subjects.ts';

export interface ConsoleAuth {
  readonly secrets: ConsoleSecrets;
  /** Signs the session cookies; another key ends every session. */
  readonly sessionKey: string;
}

export interface JourneysOptions {
  readonly engine: Engine;
  /** What arrives, as it is loaded. */
  readonly feed: LiveFeed;
  /** Who may sign in, and ask with a bearer secret. */
  readonly auth: ConsoleAuth;
  /**
   * Origin under which a front serves the console elsewhere, such as `https://console.shop.example`: its host name may be
   * asked then, beside this machine's own, and its sessions are Secure. The front passes `Host` on as it is.
   */
  readonly publicOrigin?: string;
  /** Gives the collector's own description when the reference page is first asked for. Default: it shows the console's alone. */
  readonly collector?: () => OpenApi;
  /** Name of this run of the program; `/healthz` tells it. */
  readonly instance?: string;
  /** Answers `/metrics`. Default: there is nothing there. */
  readonly metrics?: MetricsSource;
  /** Answers `/v1/retention`. Default: there is nothing there. */
  readonly retention?: RetentionSource;
  /** What only the program knows of consent and rights. Default: there is no privacy page, and none of what is measured without consent. */
  readonly privacy?: PrivacySources;
  /** Told of each answered request. Never given payloads or identifiers. */
  readonly onRequest?: OnRequest;
  /** Of the program. */
  readonly version?: string;
  /** What only the program knows. Default nothing: the overview leaves it out. */
  readonly status?: () => ConsoleStatus | undefined;
  readonly loader?: () => LoaderFigures;
  /** Finds, exports and erases people. Default: nobody can. */
  readonly subjects?: Subjects;
  /** Sites in force. */
  readonly sites?: () => readonly ConsoleSite[];
  /** Default 10 everywhere. */
  readonly reportK?: ReportK;
  /** Ms since the epoch. */
  readonly now?: () => number;
}

/** The reader's private side as a Hono app: pages, reports and queries. It listens on loopback; a front may stand before it. */
export function createJourneys(options: JourneysOptions): Journeys {
  const {
    engine,
    feed,
    auth,
    collector,
    publicOrigin,
    instance,
    metrics,
    retention,
    subjects,
    privacy,
    onRequest = () => {},
    version = '',
    now = Date.now,
    reportK = defaultReportK,
    ...more
  } = options;
  const front = publicOrigin === undefined ? undefined : new URL(publicOrigin);
  const viaFront = (context: Context): boolean => front !== undefined && context.req.header('host') === front.host;
  const sessions = createSessions({
    key: auth.sessionKey,
    isSecure: (context) => viaFront(context) && front?.protocol === 'https:',
    now,
  });
  const links = createOnceLinks(now);
  const ourOrigin = sameOrigin(front?.origin);
  let opens: ReadonlyMap<string, readonly Role[]> = new Map();

  const app: Journeys = new Hono<JourneysEnv>();
  app.use(observeRequests(onRequest));
  app.onError((_error, context) => context.json(fault('internal', CONSOLE.internal.text), 500));
  app.use(guardHost([...OWN_HOSTS, ...(front ? [front.hostname] : [])]));
  app.use('/login', async (context, next) => {
    await next();
    // The address holds the token: no page gets to know it from a Referer. Said last, over what is said for all.
    if (context.req.query('once') !== undefined) context.res.headers.set('referrer-policy', 'no-referrer');
  });
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
      },
      // With `no-referrer` a browser sends forms with the origin `null`, and older ones nothing else to tell them by.
      referrerPolicy: 'same-origin',
    }),
  );
  app.use(identify(auth.secrets, sessions));
  app.use(async (context, next) => {
    context.set('version', version);
    context.set('mayOpen', (path) => {
      const role = context.get('asker').holder?.role;
      return role !== undefined && (opens.get(path)?.includes(role) ?? false);
    });
    // Only a session is sent by the browser of its own accord.
    return context.get('asker').by === 'session' ? ourOrigin(context, next) : next();
  });

  healthRoute(app, instance);
  if (metrics) metricsRoute(app, metrics);
  assetRoutes(app);
  loginPages(app, {
    secrets: auth.secrets,
    sessions,
    links,
    guesses: createGuesses(now),
    // What the front wrote last; nobody else's word counts.
    clientOf: (context) => (viaFront(context) && lastOf(context.req.header('x-forwarded-for'))) || 'local',
    sameOrigin: ourOrigin,
  });
  overviewPage(app, { engine, now, ...more });
  livePage(app, { engine, feed, reportK });
  if (privacy) {
    const shared = { engine, now, ...(more.sites && { sites: more.sites }) };
    privacyPage(app, { ...shared, privacy });
    exemptPage(app, { ...shared, reportK, policy: () => privacy.policy().policy });
  }
  loginLinkRoute(app, links, front?.origin);
  queryRoute(app, engine);
  reportRoutes(app, engine, reportK);
  exportRoute(app, engine);
  snapshotRoute(app, engine);
  if (retention) retentionRoute(app, retention);
  if (subjects) subjectRoutes(app, subjects);
  openApiRoute(app);
  referencePage(app, collector);
  app.notFound((context) =>
    context.req.header('accept')?.includes('text/html')
      ? missingPage(context as Context<JourneysEnv>)
      : context.json(fault('not_found', 'there is no such address'), 404),
  );
  // A route that does not say who may ask it stops the start.
  opens = new Map(
    declaredRoutes(app)
      .filter(({ method }) => method === 'GET')
      .map(({ path, roles }) => [path, roles]),
  );
  return app;
}

const lastOf = (list: string | undefined): string | undefined => list?.split(',').at(-1)?.trim();
