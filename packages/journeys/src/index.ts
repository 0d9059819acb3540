/** Tables become answers: the console's pages, reports and queries, as a Hono app. */
export type { ConsoleSecrets, Holder, Role } from './access/roles.ts';
export { ROLES } from './access/roles.ts';
export type { ConsoleAuth, JourneysOptions } from './app.tsx';
export { createJourneys } from './app.tsx';
export type { Journeys } from './env.ts';
export type { LiveFeed, LiveLine } from './live/feed.ts';
export { createLiveFeed } from './live/feed.ts';
export type { OnRequest, RequestLine } from './observe_requests.ts';
export { consoleOpenApi } from './openapi.ts';
export type { ConsoleSite, ConsoleStatus } from './overview/program_status.ts';
export type { PrivacySources } from './privacy/sources.ts';
export type { Funnel, FunnelOptions, FunnelStep } from './reports/index.ts';
export type { ExportBody } from './routes/export.ts';
export { exportRequest, ROWS_HEADER } from './routes/export.ts';
export type { LoginLink } from './routes/login_links.ts';
export type { MetricsSource } from './routes/metrics.ts';
export type { RetentionSource } from './routes/retention.ts';
