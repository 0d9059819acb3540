import type { Context, Hono } from 'hono';
import type { Policies } from '../consent/policies.ts';
import type { Metrics } from '../metrics.ts';
import type { MetricsGuard } from '../metrics_guard.ts';
import type { Script } from '../options.ts';
import type { Incoming, Receive } from '../receive.ts';
import type { OwnData } from '../rights/own_data.ts';
import type { VisitorRights } from '../rights/visitor_rights.ts';
import { eventsRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { linkRoutes } from './link.ts';
import { metricsRoute } from './metrics.ts';
import { openApiRoute } from './openapi.ts';
import { ownDataRoutes } from './own_data.ts';
import { policyRoutes } from './policy.ts';
import { rightsRoutes } from './rights.ts';
import { scriptRoutes } from './script.ts';

/** What the routes answer from, and where some of them lie. */
export interface Parts {
  readonly receive: Receive;
  readonly rights: VisitorRights;
  readonly ownData: OwnData;
  /** Where events are received. */
  readonly endpoints: readonly string[];
  readonly policies: Pick<Policies, 'served'>;
  readonly hasSite: (site: string) => boolean;
  readonly incoming: (context: Context) => Incoming;
  readonly ready: () => Promise<boolean>;
  readonly metrics: Pick<Metrics, 'text'>;
  readonly mayReadMetrics: MetricsGuard;
  readonly addressOf: (context: Context) => string | undefined;
  readonly scripts: readonly Script[];
  readonly scriptPath: string | undefined;
}

/** Every route of a collector. A new one is its file and its line here. */
export function mountRoutes(app: Hono, parts: Parts): void {
  eventsRoutes(app, parts, parts.incoming);
  linkRoutes(app, parts, parts.incoming);
  policyRoutes(app, parts);
  rightsRoutes(app, parts);
  ownDataRoutes(app, parts);
  healthRoutes(app, parts);
  metricsRoute(app, parts.metrics, { mayRead: parts.mayReadMetrics, addressOf: parts.addressOf });
  scriptRoutes(app, parts.scripts, parts.scriptPath);
  openApiRoute(app);
}
