import type { Engine } from '@parcours/store';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { requireAdmin } from './admin.ts';
import { guardHost } from './guard_host.ts';
import type { LiveFeed } from './live/feed.ts';
import { livePage } from './pages/live.tsx';
import { healthRoute } from './routes/health.ts';
import { type MetricsSource, metricsRoute } from './routes/metrics.ts';
import { openApiRoute } from './routes/openapi.ts';
import { queryRoute } from './routes/query.ts';
import { reportRoutes } from './routes/reports.ts';

export interface JourneysOptions {
  readonly engine: Engine;
  /** What arrives, as it is loaded. */
  readonly feed: LiveFeed;
  /** Opens `/v1/query` and `/v1/reports/*`; sent as a bearer token. */
  readonly adminSecret: string;
  /** Host names under which the private listener may be asked. Default this machine's own. */
  readonly hosts?: readonly string[];
  /** Name of this run of the program; `/healthz` tells it. */
  readonly instance?: string;
  /** Answers `/metrics`. Default: there is nothing there. */
  readonly metrics?: MetricsSource;
}

/**
 * The reader's private side as a Hono app: pages and queries. Meant for loopback; whoever mounts it elsewhere puts
 * a login in front.
 */
export function createJourneys({ engine, feed, adminSecret, hosts, instance, metrics }: JourneysOptions): Hono {
  const app = new Hono();
  app.use(guardHost(hosts));
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
      },
    }),
  );
  healthRoute(app, instance);
  if (metrics) metricsRoute(app, metrics);
  livePage(app, { engine, feed });
  app.use('/v1/*', requireAdmin(adminSecret));
  queryRoute(app, engine);
  reportRoutes(app, engine);
  openApiRoute(app);
  return app;
}
